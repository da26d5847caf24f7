import { unknownFields, type KnownFields } from "#core/dialects/unknown-fields.ts";
import { isList, type JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";

/**
 * What is left of an object when the known fields are taken away, as an `extra` property to spread into a neutral
 * object. Clients send back what they were given, with nulls and empty lists for all that there was not: these say
 * nothing.
 */
export function extraOf(object: JsonObject, known: KnownFields): { readonly extra?: Extra } {
  const left = unknownFields(object, known, 2);
  const said = Object.entries(left ?? {}).filter(([, value]) => !(isList(value) && value.length === 0));
  if (said.length === 0) return {};
  return { extra: { dialect: "openai-responses", fields: Object.fromEntries(said) } };
}
