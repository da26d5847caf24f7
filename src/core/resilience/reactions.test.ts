import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeError as decodeGemini, failureInBody } from "#core/dialects/gemini/decode-error.ts";
import { decodeError as decodeChat, failureOfError } from "#core/dialects/openai-chat/decode-error.ts";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import type { FailureKind, UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { readVector } from "../../../test/support/read-vector.ts";
import { cooldownOf } from "./cooldown.ts";
import { breakerOutcomeOf, pauseBeforeAgainMs, reactionTo, reactionToBlock } from "./reactions.ts";

interface Expected {
  readonly kind: string;
  readonly scope?: "project+model" | "key";
  readonly cooldownMs?: number | null;
  readonly cooldownUntil?: string;
  readonly retrySame?: boolean | string;
  readonly failover?: boolean | string;
  readonly breakerFailure?: boolean | string;
  readonly probePasses?: boolean;
}

interface HttpCase {
  readonly name: string;
  readonly http: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly expected: Expected;
}

interface StreamCase {
  readonly name: string;
  readonly events: readonly { readonly data?: Json }[];
  readonly expected: Expected;
}

const { http, streams } = readVector("reliability/llm-failure-classification.json") as {
  readonly http: readonly HttpCase[];
  readonly streams: readonly StreamCase[];
};

const nowMs = Date.UTC(2026, 10, 25, 12);
const first = { nowMs, repeats: 0, jitter: 0 };

function failureOf(kind: FailureKind, status?: number): UpstreamFailure {
  return { kind, message: "", ...(status !== undefined && { status }) };
}

/** What the vectors say of `retrySame`, in our words. */
function again(retrySame: boolean | string | undefined): string | undefined {
  if (retrySame === undefined) return undefined;
  if (retrySame === false) return "never";
  return retrySame === "only if the deadline allows" ? "if-it-fits" : "once";
}

/** What the vectors say of `breakerFailure`, in our words: a credential and a model that is gone have cooldowns of their own. */
function breaker(breakerFailure: boolean | string | undefined): string | undefined {
  if (breakerFailure === undefined) return undefined;
  if (typeof breakerFailure === "boolean") return breakerFailure ? "failure" : "ignored";
  return breakerFailure === "success-rate window only" ? "rate-only" : "ignored";
}

const scopes = { "project+model": "quota", key: "credential" } as const;

describe.each([
  ["Gemini", decodeGemini],
  ["OpenAI", decodeChat],
])("an answer with an error status, read as %s", (_dialect, decodeError) => {
  const cases = http.filter((answer) => answer.http !== 200);

  test("stands in 13 of the 17 vectors; the others are answers", () => {
    expect(cases).toHaveLength(13);
    expect(http).toHaveLength(17);
  });

  test.each(cases)("$name is reacted to as the vectors say", ({ http, headers, body, expected }) => {
    const failure = decodeError(http, headers, JSON.stringify(body), nowMs);
    const reaction = reactionTo(failure);
    if (expected.scope) expect(reaction.scope).toBe(scopes[expected.scope]);
    if (expected.retrySame !== undefined) expect(reaction.again).toBe(again(expected.retrySame));
    expect(reaction.elsewhere).toBe(expected.failover === false ? "nobody" : "anybody");
    expect(reaction.breaker).toBe(breaker(expected.breakerFailure));
    if (expected.probePasses !== undefined)
      expect(reaction.probe).toBe(expected.probePasses ? "passes" : "fails");
  });

  test.each(cases)("$name keeps away for as long as the vectors say", ({ http, headers, body, expected }) => {
    const failure = decodeError(http, headers, JSON.stringify(body), nowMs);
    const cooldown = cooldownOf(failure, first);
    if (typeof expected.cooldownMs === "number") expect(cooldown?.untilMs).toBe(nowMs + expected.cooldownMs);
    if (expected.cooldownMs === null) expect(cooldown?.untilMs).toBe(nowMs + 5000);
    if (expected.kind === "quota_exhausted_day") expect(cooldown?.untilMs).toBe(Date.UTC(2026, 10, 26, 8));
    if (/overloaded|upstream_error|timeout|client_error/.test(expected.kind))
      expect(cooldown).toBeUndefined();
    if (/no_quota|credential|model_gone/.test(expected.kind)) {
      expect(cooldown?.untilMs).toBeGreaterThan(nowMs);
    }
  });
});

describe("an answer in good standing", () => {
  const cases = http.filter((answer) => answer.http === 200);

  test.each(cases)(
    "$name is an answer: the deployment is well, nobody else is asked",
    ({ body, expected }) => {
      expect(failureInBody(body)).toBeUndefined();
      expect(expected.breakerFailure).toBe(false);
      expect(breakerOutcomeOf("completed")).toBe("success");
      const reaction = reactionToBlock(false);
      expect(reaction).toMatchObject({ again: "never", elsewhere: "nobody", breaker: "ignored" });
      expect(reaction.probe).toBe("passes");
    },
  );

  test("that was blocked goes to another model where the route's policy says so, never to the same elsewhere", () => {
    expect(reactionToBlock(true)).toEqual({ ...reactionToBlock(false), elsewhere: "other-model" });
  });
});

describe("a stream", () => {
  /** What the gateway's timers and its relay make of the events. */
  const kinds: Readonly<Record<string, FailureKind>> = {
    ttft_timeout: "first-token-timeout",
    stream_stalled: "idle-timeout",
    overloaded: "overloaded",
    stream_truncated: "incomplete-answer",
  };
  const failed = streams.filter(({ expected }) => expected.kind !== "client_cancelled");

  test.each(failed)("$name is reacted to as the vectors say", ({ name, events, expected }) => {
    const kind = kinds[expected.kind];
    if (kind === undefined)
      throw new Error(`The vectors have a kind that the test does not know: ${expected.kind}`);
    // A first token that is late, and none at all, are seen before there is content.
    const hadContent = kind !== "first-token-timeout" && events.some(({ data }) => data !== undefined);
    const reaction = reactionTo(failureOf(kind), hadContent);
    expect(reaction.elsewhere, name).toBe(expected.failover === true ? "anybody" : "nobody");
    if (hadContent) expect(reaction.again).toBe("never");
    expect(reaction.breaker).toBe("failure");
    expect(reaction.probe).toBe("fails");
  });

  test("with an error object in it is read alike in both dialects", () => {
    const errors = streams.flatMap(({ events }) => events.flatMap(({ data }) => data ?? []));
    const [body] = errors.filter((data) => isJsonObject(data) && data["error"] !== undefined);
    const error = isJsonObject(body) ? body["error"] : undefined;
    expect(failureInBody(body ?? null)?.kind).toBe("overloaded");
    expect(isJsonObject(error) && failureOfError(error).kind).toBe("overloaded");
  });

  test("whose client went away says nothing of the deployment", () => {
    expect(streams.filter(({ expected }) => expected.kind === "client_cancelled")).toHaveLength(1);
    expect(breakerOutcomeOf("aborted")).toBe("ignored");
  });
});

describe("a breaker sees", () => {
  test.each<readonly [FailureKind, number | undefined, string]>([
    ["rate-limited", 429, "refused"],
    ["quota-exhausted-day", 429, "refused"],
    ["quota-zero", 429, "refused"],
    ["credential", 401, "refused"],
    ["model-gone", 404, "refused"],
    ["overloaded", 429, "rate-only"],
    ["overloaded", 503, "failure"],
    ["server-error", 500, "failure"],
    ["server-error", 504, "failure"],
    ["connect", undefined, "failure"],
    ["reset", undefined, "failure"],
    ["first-token-timeout", undefined, "failure"],
    ["idle-timeout", undefined, "failure"],
    ["malformed-answer", 200, "failure"],
    ["incomplete-answer", undefined, "failure"],
    ["invalid-request", 400, "ignored"],
    ["context-exceeded", 400, "ignored"],
    ["total-timeout", undefined, "ignored"],
  ])("%s (status %s) as %s", (kind, status, outcome) => {
    expect(breakerOutcomeOf(failureOf(kind, status))).toBe(outcome);
  });
});

test("a prompt beyond the context goes to another model only: the same one is as short elsewhere", () => {
  expect(reactionTo(failureOf("context-exceeded", 400)).elsewhere).toBe("other-model");
});

test("a connection that broke is tried once more, one that was refused is not", () => {
  expect(reactionTo(failureOf("reset")).again).toBe("once");
  expect(reactionTo(failureOf("connect")).again).toBe("never");
});

test("after content nobody is asked, whatever failed, and what is learnt of the deployment is the same", () => {
  const kinds: readonly FailureKind[] = ["rate-limited", "overloaded", "server-error", "reset", "credential"];
  for (const kind of kinds) {
    for (const status of [undefined, 429, 500, 503, 504]) {
      const before = reactionTo(failureOf(kind, status));
      const after = reactionTo(failureOf(kind, status), true);
      expect(after).toEqual({ ...before, again: "never", elsewhere: "nobody" });
    }
  }
});

test("a reaction is the same object each time: the hot path makes none", () => {
  expect(reactionTo(failureOf("reset"))).toBe(reactionTo(failureOf("reset")));
  expect(reactionTo(failureOf("reset"), true)).toBe(reactionTo(failureOf("reset"), true));
});

test("the pause before the same deployment is asked again is from half a second to two", () => {
  expect(pauseBeforeAgainMs(0)).toBe(500);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (jitter) => {
      expect(pauseBeforeAgainMs(jitter)).toBeGreaterThanOrEqual(500);
      expect(pauseBeforeAgainMs(jitter)).toBeLessThan(2000);
    }),
  );
});

test("a refused token that another one replaces is tried once more, and tells nothing of the deployment", () => {
  const failure: UpstreamFailure = { kind: "credential", status: 401, message: "", renewing: true };
  expect(reactionTo(failure)).toMatchObject({ again: "once", elsewhere: "anybody", scope: "credential" });
  expect(breakerOutcomeOf(failure)).toBe("ignored");
  expect(reactionTo(failure, true)).toMatchObject({ again: "never", elsewhere: "nobody" });
  // Others wait for it as long as it takes, and no 30 s as for a wrong key.
  expect(cooldownOf(failure, first)).toEqual({ untilMs: nowMs + 1_000, scope: "credential" });
});
