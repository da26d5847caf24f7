import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import type { Extra } from "#core/llm/extra.ts";

/**
 * Makes a dialect's writer of kept fields: the written object with the dialect's own `extra` laid under it. What was
 * written wins, objects are joined, another dialect's fields stay out.
 */
export function extraWriter(
  dialect: DialectName,
): (written: JsonObject, extra: Extra | undefined) => JsonObject {
  return (written, extra) => (extra?.dialect === dialect ? joined(written, extra.fields) : written);
}

function joined(over: JsonObject, under: JsonObject): JsonObject {
  const entries = new Map(Object.entries(over).filter(([, value]) => value !== undefined));
  for (const [key, value] of Object.entries(under)) {
    const written: Json | undefined = entries.get(key);
    if (written === undefined || written === null) entries.set(key, value);
    else if (isJsonObject(written) && isJsonObject(value)) entries.set(key, joined(written, value));
  }
  // Not assignment: a key such as `__proto__` stays a key.
  return Object.fromEntries(entries);
}
