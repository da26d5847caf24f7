import { expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import type { FailureKind } from "#core/llm/upstream-failure.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { decodeError } from "./decode-error.ts";

interface ErrorVector {
  readonly name: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly text?: string;
  readonly kind: FailureKind;
  readonly retryAfterMs?: number;
}

const nowMs = Date.UTC(2026, 10, 24);

test.each(readVector("openai-chat/errors.json") as ErrorVector[])("$name: $kind", (vector) => {
  const body = vector.text ?? JSON.stringify(vector.body);
  const failure = decodeError(vector.status, vector.headers, body, nowMs);
  expect(failure.kind).toBe(vector.kind);
  expect(failure.status).toBe(vector.status);
  expect(failure.retryAfterMs).toBe(vector.retryAfterMs);
  expect(failure.message).not.toMatch(/html|secret/);
});

test("values that are no words do not break the reading", () => {
  const odd = { error: { code: { toString: 1, valueOf: 2 }, message: 5, details: [{ "@type": {} }, 7] } };
  expect(decodeError(500, {}, JSON.stringify(odd), nowMs).kind).toBe("server-error");
});
