import type { RequestProblem } from "#core/dialects/dialect.ts";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { Fields } from "./fields.ts";
import { nestingMax, nestsTooDeep } from "#core/kernel/nesting.ts";
import { Problems } from "#core/dialects/problems.ts";

/** Reads a body of any shape with a reader of messages: what it read, or the first thing that is wrong. */
export function readBody<Value>(body: Json, read: (fields: Fields) => Value): Result<Value, RequestProblem> {
  if (isJsonObject(body) && nestsTooDeep(body)) {
    return failed(unreadable(`at most ${nestingMax} levels of nesting`, "more"));
  }
  return readCheckedBody(body, read);
}

/** The same for a body that is known to nest no deeper than is read. */
export function readCheckedBody<Value>(
  body: Json,
  read: (fields: Fields) => Value,
): Result<Value, RequestProblem> {
  if (!isJsonObject(body)) return failed(unreadable("an object", kindOf(body)));
  const problems = new Problems();
  const value = read(new Fields(body, "", problems));
  return problems.first ? failed(problems.first) : ok(value);
}

function unreadable(wanted: string, actual: string): RequestProblem {
  return { code: "invalid-request", message: `Cannot read the body: wanted ${wanted}, got ${actual}` };
}
