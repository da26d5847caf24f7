import { expect, test } from "vitest";
import { redactor } from "#core/redaction/redactor.ts";
import { contentLengthMax, redacted } from "./unredacted-content.ts";

const redact = redactor({ detect: ["email"], patterns: {} });
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

test("request and answer are redacted, and the pieces of both counted", () => {
  const content = {
    requestId: "r",
    request: bytes({ q: "mail a@b.org, c@d.org" }),
    response: '{"a":"to a@b.org"}',
    truncated: false,
  };
  expect(redacted(content, redact)).toEqual({
    requestId: "r",
    request: '{"q":"mail [email], [email]"}',
    response: '{"a":"to [email]"}',
    truncated: false,
    redactions: 3,
  });
});

test("a request without an answer has an empty one; what is too long is cut and said to be", () => {
  const request = bytes({ q: "word ".repeat(contentLengthMax / 4) });
  const kept = redacted({ requestId: "r", request, response: "", truncated: false }, redact);
  expect(kept).toMatchObject({ response: "", truncated: true });
  expect(kept.request).toHaveLength(contentLengthMax);
});

test("what cannot be redacted is not given back", () => {
  const content = { requestId: "r", request: Buffer.from("{"), response: "", truncated: false };
  expect(() => redacted(content, redact)).toThrow(SyntaxError);
});
