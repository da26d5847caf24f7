import { unknownFields, type KnownFields } from "#core/dialects/unknown-fields.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";

/** On so many levels of an object `null` says nothing, as Anthropic's clients write it (`cache_control: null`). */
const nullLevels = 2;

/** What is left of an object when the known fields are taken away; undefined when nothing is. */
export function unreadFields(object: JsonObject, known: KnownFields): JsonObject | undefined {
  return unknownFields(object, known, nullLevels);
}

/** Fields as an `extra` property to spread into a neutral object: each is named to whoever cannot carry it. */
export function asExtra(fields: JsonObject | undefined): { readonly extra?: Extra } {
  return fields && Object.keys(fields).length > 0 ? { extra: { dialect: "anthropic", fields } } : {};
}

/** What is left of an object when the known fields are taken away, as an `extra` property. */
export function extraOf(object: JsonObject, known: KnownFields): { readonly extra?: Extra } {
  return asExtra(unreadFields(object, known));
}

/** What blocks inside of one that becomes words have beside their words, as a field of the outer one. */
export function innerFields(parts: readonly { readonly extra?: Extra }[]): {
  readonly content?: readonly JsonObject[];
} {
  const content = parts.flatMap(({ extra }) => (extra ? [extra.fields] : []));
  return content.length > 0 ? { content } : {};
}
