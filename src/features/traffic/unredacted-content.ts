import { redactContent } from "#core/redaction/redact-content.ts";
import type { Redactor } from "#core/redaction/redactor.ts";
import type { CapturedContent } from "./captured-content.ts";

/** What was asked and answered, as it came and went. Lives in memory only: what is written anywhere is redacted first. */
export interface UnredactedContent {
  readonly requestId: string;
  /** The request's body as the client sent it, JSON. */
  readonly request: Uint8Array;
  /** The answer, JSON; empty when there was none. */
  readonly response: string;
  /** Whether the answer was longer than what is kept. */
  readonly truncated: boolean;
}

/** Characters of a request, and of an answer, that are kept at most. */
export const contentLengthMax = 1_000_000;

/**
 * What may be stored of a request's content.
 * @throws what the redactor throws, SyntaxError where the content is no JSON: then nothing is stored
 */
export function redacted(content: UnredactedContent, redact: Redactor): CapturedContent {
  const { byteOffset, byteLength, buffer } = content.request;
  const body = Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
  const request = redactContent(body, redact, contentLengthMax);
  const none = { json: "", count: 0, truncated: false };
  const response = content.response === "" ? none : redactContent(content.response, redact, contentLengthMax);
  return {
    requestId: content.requestId,
    request: request.json,
    response: response.json,
    truncated: content.truncated || request.truncated || response.truncated,
    redactions: request.count + response.count,
  };
}
