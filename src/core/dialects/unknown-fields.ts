import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";

/** The fields of an object that a reader understands; a nested entry says so of an object inside. */
export interface KnownFields {
  readonly [key: string]: true | KnownFields;
}

/**
 * What is left of an object when the known fields are taken away, objects inside likewise; undefined when nothing is.
 * @param nullLevels on so many levels, this one the first, `null` says nothing and is taken away as well
 */
export function unknownFields(
  object: JsonObject,
  known: KnownFields,
  nullLevels = 0,
): JsonObject | undefined {
  let rest: Record<string, Json> | undefined;
  for (const key in object) {
    const value = object[key];
    if (value === null && nullLevels > 0) continue;
    const left = unknownPart(value, Object.hasOwn(known, key) ? known[key] : undefined, nullLevels - 1);
    if (left !== undefined) define((rest ??= {}), key, left);
  }
  return rest;
}

function unknownPart(
  value: Json | undefined,
  known: true | KnownFields | undefined,
  nullLevels: number,
): Json | undefined {
  if (known === undefined) return value;
  if (known === true || !isJsonObject(value)) return undefined;
  return unknownFields(value, known, nullLevels);
}

/** Sets a key of any name: plain assignment to `__proto__` would set the prototype instead. */
function define(object: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
