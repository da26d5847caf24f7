import type { RequestProblem } from "#core/dialects/dialect.ts";
import type { Json } from "#core/kernel/json.ts";
import { failed, type Result } from "#core/kernel/result.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Fields } from "./fields.ts";
import { readBody } from "./read-body.ts";

/** Reads an answer of a provider with a reader of messages; an answer of another shape is a `malformed-answer`. */
export function readAnswer<Value>(
  body: Json,
  read: (fields: Fields) => Value,
): Result<Value, UpstreamFailure> {
  const result = readBody(body, read);
  return result.ok ? result : failed(malformedAnswer(result.error));
}

function malformedAnswer({ message }: Pick<RequestProblem, "message">): UpstreamFailure {
  return { kind: "malformed-answer", message: `The upstream's answer is malformed: ${message}` };
}
