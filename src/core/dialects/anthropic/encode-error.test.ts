import { describe, expect, test } from "vitest";
import type { ErrorForClient } from "#core/dialects/dialect.ts";
import { encodeError, encodeErrorFrame } from "./encode-error.ts";

const base: ErrorForClient = { status: 429, code: "rate-limited", message: "Slow down", requestId: "r-1" };

describe("an error for an Anthropic client", () => {
  test("has Anthropic's shape, inside a stream too", () => {
    const written = {
      type: "error",
      error: { type: "rate_limit_error", message: "Slow down" },
      request_id: "r-1",
    };
    expect(encodeError(base)).toEqual(written);
    expect(encodeErrorFrame(base)).toBe(JSON.stringify(written));
  });

  test.each([
    ["invalid-request", "invalid_request_error"],
    ["unsupported-feature", "invalid_request_error"],
    ["unauthenticated", "authentication_error"],
    ["forbidden", "permission_error"],
    ["not-found", "not_found_error"],
    ["payload-too-large", "request_too_large"],
    ["no-deployment-available", "overloaded_error"],
    ["upstream-timeout", "timeout_error"],
    ["upstream-failed", "api_error"],
  ] as const)("%s is %s", (code, type) => {
    expect(encodeError({ ...base, status: 400, code })).toMatchObject({ error: { type } });
  });

  test("of 429 never has the words by which LangChain gives up", () => {
    const message = "You exceeded your current quota, please check your plan and billing details.";
    expect(encodeErrorFrame({ ...base, message })).not.toMatch(/exceeded your|billing|quota/);
    expect(encodeErrorFrame({ ...base, status: 400, message })).toContain(message);
  });
});
