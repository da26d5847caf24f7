import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { EventWriter } from "./event-writer.ts";

/** Keeps what the API has no place for, by vendor, for the last event; lists of the same name are joined. */
export function keep(writer: EventWriter, vendor: string, fields: JsonObject): void {
  const { foreign } = writer.state;
  const before = isJsonObject(foreign[vendor]) ? foreign[vendor] : {};
  const isMore = Object.keys(fields).some((name) => isGrowing(name) || !Object.hasOwn(before, name));
  if (isMore && !writer.hasRoom(JSON.stringify(fields).length)) return;
  writer.know({ foreign: { ...foreign, [vendor]: joined(before, fields) } });
}

function joined(before: JsonObject, fields: JsonObject): JsonObject {
  const merged: [string, Json | undefined][] = Object.entries(fields).map(([name, value]) => {
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    return [name, isGrowing(name) ? [...listed(known), ...listed(value)] : value];
  });
  return { ...before, ...Object.fromEntries(merged) };
}

/** Lists that every piece adds to; other fields replace what was told before. */
function isGrowing(name: string): boolean {
  return name === "parts" || name === "media";
}

function listed(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
