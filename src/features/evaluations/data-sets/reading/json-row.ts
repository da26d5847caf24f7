import { isUtf8 } from "node:buffer";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { failed, ok } from "#core/kernel/result.ts";
import { notUtf8, type RawRow } from "./raw-row.ts";

/** What the bytes of one row of JSON hold. */
export function jsonContent(bytes: Buffer): RawRow["content"] {
  if (!isUtf8(bytes)) return failed(notUtf8);
  let value: Json;
  try {
    value = JSON.parse(bytes.toString("utf8")) as Json; // What JSON.parse gives is JSON.
  } catch {
    return failed("no JSON");
  }
  return rowContent(value);
}

/** What a value holds that is to be a row. */
export function rowContent(value: Json): RawRow["content"] {
  if (!isJsonObject(value)) return failed("no object");
  return nestsTooDeep(value) ? failed("nested too deep") : ok(value);
}
