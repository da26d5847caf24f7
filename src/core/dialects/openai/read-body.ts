import type { RequestProblem } from "#core/dialects/dialect.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { Problems } from "#core/dialects/problems.ts";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { Fields } from "#core/dialects/fields.ts";

/** Reads the body of a request, whatever its shape. @param read reads the fields of one that is an object */
export function readBody<Request>(
  body: Json,
  read: (request: Fields) => Request,
): Result<Request, RequestProblem> {
  const problems = new Problems();
  if (!isJsonObject(body)) {
    problems.invalid("body", "a JSON object", kindOf(body));
  } else if (nestsTooDeep(body)) {
    problems.invalid("body", "less nesting of arrays and objects", "too many levels");
  }
  const request = isJsonObject(body) && !problems.first ? read(new Fields(body, problems)) : undefined;
  if (problems.first) return failed(problems.first);
  return request
    ? ok(request)
    : failed({ code: "invalid-request", message: `Cannot read the body: wanted an object` });
}
