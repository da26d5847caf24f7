import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import type { FailureKind } from "#core/llm/upstream-failure.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { decodeError, failureInBody } from "./decode-error.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeFrame, startStreamDecoder } from "./stream-decoder.ts";

interface HttpCase {
  readonly name: string;
  readonly http: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly expected: { readonly kind: string; readonly cooldownMs?: number | null };
}

interface StreamCase {
  readonly name: string;
  readonly events: readonly { readonly data?: Json }[];
  readonly expected: { readonly kind: string };
}

const vectors = readVector("reliability/llm-failure-classification.json") as {
  readonly http: readonly HttpCase[];
  readonly streams: readonly StreamCase[];
};

const nowMs = Date.UTC(2026, 10, 25, 12);

/** The vectors' words for failures in ours. */
const kinds: Readonly<Record<string, FailureKind>> = {
  rate_limited: "rate-limited",
  quota_exhausted_day: "quota-exhausted-day",
  no_quota: "quota-zero",
  overloaded: "overloaded",
  upstream_error: "server-error",
  timeout: "server-error",
  client_error: "invalid-request",
  credential: "credential",
  model_gone: "model-gone",
};

function failure(status: number, error: object, headers: Readonly<Record<string, string>> = {}) {
  return decodeError(status, headers, JSON.stringify({ error: { code: status, ...error } }), nowMs);
}

describe("an answer with an error status", () => {
  const cases = vectors.http.filter(({ http }) => http !== 200);

  test("is covered by every vector", () => {
    expect(cases).toHaveLength(13);
  });

  test.each(cases)("$name is classified", ({ http, headers, body, expected }) => {
    const read = decodeError(http, headers, JSON.stringify(body), nowMs);
    expect(read).toMatchObject({ kind: kinds[expected.kind], status: http });
    if (expected.cooldownMs === null) expect(read.retryAfterMs).toBeUndefined();
    if (typeof expected.cooldownMs === "number") expect(read.retryAfterMs).toBe(expected.cooldownMs);
  });

  test("of a day's quota names no wait: RetryInfo speaks of the minute", () => {
    const [perDay] = cases.filter(({ name }) => name === "429 per-day");
    expect(
      decodeError(429, { "retry-after": "9" }, JSON.stringify(perDay?.body), nowMs).retryAfterMs,
    ).toBeUndefined();
  });

  test("waits for the longest RetryInfo, in fractions of seconds", () => {
    const info = (retryDelay: Json) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });
    const details = [info("38s"), info("45.578569677s"), info({ seconds: "7", nanos: 5e8 }), info("soon")];
    expect(failure(429, { message: "", details }).retryAfterMs).toBe(45_579);
    expect(failure(429, { message: "Please retry in 10.05676626s." }).retryAfterMs).toBe(10_057);
  });

  test("waits as the retry-after header says: seconds or a date, the past is now", () => {
    const wait = (value: string) => decodeError(503, { "retry-after": value }, "", nowMs).retryAfterMs;
    expect(wait("120")).toBe(120_000);
    expect(wait("Wed, 25 Nov 2026 12:00:30 GMT")).toBe(30_000);
    expect(wait("Wed, 25 Nov 2026 11:00:00 GMT")).toBe(0);
    expect(["-3", "1.5", "soon", ""].map(wait)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("waits as the retry-after-ms header says, before retry-after", () => {
    const wait = (exact: string) =>
      decodeError(429, { "retry-after-ms": exact, "retry-after": "7" }, "", nowMs).retryAfterMs;
    expect(["250", " 20.5 ", "0", "-1", "soon"].map(wait)).toEqual([250, 21, 0, 7000, 7000]);
  });

  test.each<readonly [string, number, object, FailureKind]>([
    [
      "a limit of 20 is not one of 0",
      429,
      { message: "Quota exceeded for metric: x, limit: 20" },
      "rate-limited",
    ],
    ["a limit of 0.5 is not one of 0", 429, { message: "Quota exceeded, limit: 0.5" }, "rate-limited"],
    [
      "a wrong key comes as 400",
      400,
      {
        message: "API key not valid. Please pass a valid API key.",
        status: "INVALID_ARGUMENT",
        details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }],
      },
      "credential",
    ],
    [
      "a country that is not served comes as 400",
      400,
      { message: "User location is not supported for the API use.", status: "FAILED_PRECONDITION" },
      "credential",
    ],
    [
      "a file that is not ready is the request's matter",
      400,
      { message: "The File abc is not in an ACTIVE state", status: "FAILED_PRECONDITION" },
      "invalid-request",
    ],
    [
      "a cache that is gone is the request's matter",
      403,
      { message: "CachedContent not found (or permission denied)", status: "PERMISSION_DENIED" },
      "invalid-request",
    ],
    [
      "a prompt beyond the context is a matter of the model",
      400,
      {
        message: "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).",
        status: "INVALID_ARGUMENT",
      },
      "context-exceeded",
    ],
    ["529 is short capacity", 529, { message: "" }, "overloaded"],
    ["408 is the server's matter", 408, { message: "" }, "server-error"],
    ["413 is the request's matter", 413, { message: "too large" }, "invalid-request"],
  ])("%s", (_name, status, error, kind) => {
    expect(failure(status, error).kind).toBe(kind);
  });

  test("may be a page of a proxy, of which nothing is told", () => {
    expect(decodeError(502, {}, "<html><body>nginx</body></html>", nowMs)).toEqual({
      kind: "server-error",
      status: 502,
      message: "The upstream answered with status 502",
    });
  });

  test("may come wrapped in an array, with details for a client of the same dialect", () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.Help" }];
    const body = [{ error: { code: 400, message: "bad field", status: "INVALID_ARGUMENT", details } }];
    expect(decodeError(400, {}, JSON.stringify(body), nowMs)).toEqual({
      kind: "invalid-request",
      status: 400,
      message: "bad field",
      upstreamCode: "INVALID_ARGUMENT",
      details,
    });
  });
});

describe("an answer in good standing", () => {
  test.each(vectors.http.filter(({ http }) => http === 200))("$name is no failure", ({ body, expected }) => {
    const read = decodeResponse(body);
    if (!read.ok) throw new Error(read.error.message);
    const { blocked, candidates } = read.value;
    const [first] = candidates;
    const outcomes: Readonly<Record<string, unknown>> = {
      blocked_prompt: blocked !== undefined && candidates.length === 0,
      blocked_output: first?.finish?.reason === "content-filter",
      truncated_empty: first?.finish?.reason === "length" && first.parts.length === 0,
    };
    expect(outcomes[expected.kind]).toBe(true);
  });

  test("may hold an error all the same", () => {
    expect(decodeResponse({ error: { status: "UNAVAILABLE", message: "overloaded" } })).toMatchObject({
      ok: false,
      error: { kind: "overloaded", status: 503 },
    });
    expect(failureInBody({ candidates: [] })).toBeUndefined();
  });
});

describe("a stream of the vectors", () => {
  test.each(vectors.streams)(
    "$name tells its content, its failure and whether it finished",
    ({ name, events, expected }) => {
      let state = startStreamDecoder();
      const parts = events.flatMap(({ data }) => {
        if (data === undefined) return [];
        const [next, read] = decodeFrame(state, JSON.stringify(data));
        state = next;
        return read;
      });
      const failures = parts.flatMap((part) => (part.type === "error" ? [part.failure.kind] : []));
      expect(failures).toEqual(name === "error object in stream" ? [kinds[expected.kind]] : []);
      expect(parts.some(({ type }) => type === "text-delta")).toBe(
        events.some(({ data }) => data !== undefined),
      );
      expect(parts.some(({ type }) => type === "finish")).toBe(false);
    },
  );
});
