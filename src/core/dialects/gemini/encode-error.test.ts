import { describe, expect, test } from "vitest";
import type { ErrorForClient } from "#core/dialects/dialect.ts";
import { decodeError } from "./decode-error.ts";
import { encodeError, encodeErrorFrame } from "./encode-error.ts";

const base: ErrorForClient = {
  status: 429,
  code: "rate-limited",
  message: "Slow down",
  requestId: "r-1",
};

describe("an error for a Gemini client", () => {
  test("has Google's shape, with a reason and the time to wait", () => {
    expect(encodeError({ ...base, retryAfterMs: 2500 })).toEqual({
      error: {
        code: 429,
        message: "Slow down",
        status: "RESOURCE_EXHAUSTED",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "RATE_LIMITED",
            domain: "signalbox",
            metadata: { requestId: "r-1" },
          },
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2.5s" },
        ],
      },
    });
  });

  test("names the field at fault", () => {
    const error = { ...base, status: 400, code: "invalid-request", field: "contents[0].role" } as const;
    expect(encodeError(error)).toMatchObject({
      error: {
        status: "INVALID_ARGUMENT",
        details: [{}, { fieldViolations: [{ field: "contents[0].role", description: "Slow down" }] }],
      },
    });
  });

  test("of 429 never has the words by which LangChain gives up", () => {
    const message = "You exceeded your current quota, please check your plan and billing details.";
    expect(encodeErrorFrame({ ...base, message })).not.toMatch(/exceeded your|billing/);
    expect(encodeErrorFrame({ ...base, status: 400, message })).toContain(message);
  });

  test("passes on which quota the upstream named, but not its links and times", () => {
    const details = ["QuotaFailure", "Help", "RetryInfo"].map((type) => ({
      "@type": `type.googleapis.com/google.rpc.${type}`,
    }));
    const failure = { kind: "rate-limited", message: "", details } as const;
    const { error } = encodeError({ ...base, failure }) as {
      readonly error: { readonly details: readonly object[] };
    };
    expect(error.details.slice(1)).toEqual([details[0]]);
  });

  test.each([
    [400, "INVALID_ARGUMENT"],
    [401, "UNAUTHENTICATED"],
    [403, "PERMISSION_DENIED"],
    [404, "NOT_FOUND"],
    [413, "INVALID_ARGUMENT"],
    [499, "CANCELLED"],
    [500, "INTERNAL"],
    [502, "UNAVAILABLE"],
    [503, "UNAVAILABLE"],
    [504, "DEADLINE_EXCEEDED"],
  ])("of status %i is %s", (status, word) => {
    expect(encodeError({ ...base, status })).toMatchObject({ error: { code: status, status: word } });
  });

  test("is read back by our own client side, wait included", () => {
    const body = encodeErrorFrame({ ...base, retryAfterMs: 38_000 });
    expect(decodeError(429, {}, body, 0)).toMatchObject({ kind: "rate-limited", retryAfterMs: 38_000 });
  });
});
