import { describe, expect, test } from "vitest";
import type { FailureKind } from "#core/llm/upstream-failure.ts";
import { clientErrorOf } from "#features/gateway/client-error.ts";

const errorOf = (kind: FailureKind, status?: number) =>
  clientErrorOf({ kind, message: "their words", ...(status !== undefined && { status }) }, "request-1");

describe("what a client is told", () => {
  test.each([
    ["rate-limited", 429, "rate-limited"],
    ["quota-exhausted-day", 429, "rate-limited"],
    ["quota-zero", 429, "rate-limited"],
    ["overloaded", 503, "overloaded"],
    ["server-error", 502, "upstream-failed"],
    ["credential", 502, "upstream-failed"],
    ["model-gone", 404, "not-found"],
    ["invalid-request", 400, "invalid-request"],
    ["context-exceeded", 400, "invalid-request"],
    ["connect", 503, "upstream-failed"],
    ["reset", 502, "upstream-failed"],
    ["first-token-timeout", 504, "upstream-timeout"],
    ["idle-timeout", 504, "upstream-timeout"],
    ["total-timeout", 504, "upstream-timeout"],
    ["malformed-answer", 502, "upstream-failed"],
    ["incomplete-answer", 502, "upstream-failed"],
  ] as const)("of %s is a %i", (kind, status, code) => {
    expect(errorOf(kind)).toMatchObject({ status, code, requestId: "request-1" });
  });

  test.each([
    [413, 413],
    [422, 422],
    [409, 409],
    [451, 400],
  ])("of a request refused with %i is %i", (status, told) => {
    expect(errorOf("invalid-request", status).status).toBe(told);
  });

  test("a status of the upstream's never changes what another failure is", () => {
    expect(errorOf("credential", 401).status).toBe(502);
    expect(errorOf("malformed-answer", 200).status).toBe(502);
  });

  test("of a refused credential holds none of the provider's words, which may quote the key", () => {
    expect(errorOf("credential").message).not.toContain("their words");
    expect(errorOf("server-error").message).toBe("their words");
  });

  test("a time to wait is passed on", () => {
    const error = clientErrorOf({ kind: "rate-limited", message: "", retryAfterMs: 7_000 }, "request-1");
    expect(error.retryAfterMs).toBe(7_000);
    expect(errorOf("rate-limited")).not.toHaveProperty("retryAfterMs");
  });
});
