import { extraWriter } from "#core/dialects/extra-writer.ts";
import { unknownFields, type KnownFields } from "#core/dialects/unknown-fields.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";

/** What is left of an object when the known fields are taken away, as a neutral object keeps it. */
export function unknownExtra(object: JsonObject, known: KnownFields, nullLevels = 0): Extra | undefined {
  const fields = unknownFields(object, known, nullLevels);
  return fields && { dialect: "openai-chat", fields };
}

/** The same as an `extra` property to spread into a neutral object. */
export function extraOf(object: JsonObject, known: KnownFields): { readonly extra?: Extra } {
  const extra = unknownExtra(object, known);
  return extra ? { extra } : {};
}

/** Lays this dialect's kept fields under a written object. */
export const withExtra = extraWriter("openai-chat");
