import type { RequestProblem } from "#core/dialects/dialect.ts";
import type { Json } from "#core/kernel/json.ts";
import { failed, type Result } from "#core/kernel/result.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Fields } from "./fields.ts";
import { readBody, readCheckedBody } from "./read-body.ts";

/** Reads an answer of a provider with a reader of messages; an answer of another shape is a `malformed-answer`. */
export function readAnswer<Value>(
  body: Json,
  read: (fields: Fields) => Value,
): Result<Value, UpstreamFailure> {
  return answered(readBody(body, read));
}

/** The same for an answer that is known to nest no deeper than is read. */
export function readCheckedAnswer<Value>(
  body: Json,
  read: (fields: Fields) => Value,
): Result<Value, UpstreamFailure> {
  return answered(readCheckedBody(body, read));
}

function answered<Value>(read: Result<Value, RequestProblem>): Result<Value, UpstreamFailure> {
  return read.ok ? read : failed(malformedAnswer(read.error));
}

function malformedAnswer({ message }: Pick<RequestProblem, "message">): UpstreamFailure {
  return { kind: "malformed-answer", message: `The upstream's answer is malformed: ${message}` };
}
