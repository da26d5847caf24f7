import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { measured, verdict } from "#core/scoring/score.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import type { RunScorer } from "./run-scorer.ts";
import { scoreAnswer } from "./score-answer.ts";

const answer: ScoredAnswer = {
  text: "x",
  toolCalls: [],
  finishReason: "stop",
  fields: {},
  latencyMs: 1,
  costUsd: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
};

function scored(scorers: Readonly<Record<string, RunScorer>>, time = new FakeTime()) {
  const signal = new AbortController().signal;
  return scoreAnswer(new Map(Object.entries(scorers)), answer, { timers: time, signal });
}

describe("scoring", () => {
  test("a scorer that throws or gives no number is no score, and touches no other", async () => {
    const { scores } = await scored({
      good: { score: () => ({ score: verdict(true) }) },
      throws: {
        score: () => {
          throw new Error("no such field");
        },
      },
      rejects: { score: () => Promise.reject(new Error("gone")) },
      nan: { score: () => ({ score: { kind: "scored", value: Number.NaN } }) },
      measuredNan: { score: () => ({ score: measured(Number.NaN) }) },
    });
    expect(scores["good"]).toEqual({ kind: "scored", value: 1, passed: true });
    expect(scores["throws"]).toMatchObject({ kind: "unscored", code: "scorer-failed" });
    expect(scores["rejects"]).toMatchObject({ kind: "unscored", code: "scorer-failed" });
    expect(scores["nan"]).toMatchObject({ kind: "unscored", code: "not-a-number" });
    expect(scores["measuredNan"]).toMatchObject({ kind: "unscored", code: "not-a-number" });
  });

  test("a scorer that hangs is given up and told to stop", async () => {
    const time = new FakeTime();
    let stopped = false;
    const hanging: RunScorer = {
      timeoutMs: 500,
      score: (_answer, signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => (stopped = true));
        }),
    };
    const scores = scored({ hanging }, time);
    time.advance(500);
    await setImmediate();
    time.advance(1_000);
    expect((await scores).scores["hanging"]).toMatchObject({ kind: "unscored", code: "scorer-timeout" });
    expect(stopped).toBe(true);
  });

  test("a judge that is too late still tells what it cost", async () => {
    const time = new FakeTime();
    const late: RunScorer = {
      timeoutMs: 500,
      score: (_answer, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () =>
            resolve({ score: verdict(true), judging: { calls: 1, latencyMs: 500, costUsd: 0.5 } }),
          );
        }),
    };
    const scores = scored({ late }, time);
    time.advance(500);
    expect(await scores).toMatchObject({
      scores: { late: { kind: "unscored", code: "scorer-timeout" } },
      judging: { calls: 1, costUsd: 0.5 },
    });
  });

  test("what judges took is added up, and a cost that one does not tell is told of none", async () => {
    const judge = (costUsd: number | undefined): RunScorer => ({
      score: () => ({
        score: verdict(true),
        judging: { calls: 2, latencyMs: 10, ...(costUsd !== undefined && { costUsd }) },
      }),
    });
    const both = await scored({ a: judge(0.25), b: judge(0.5) });
    expect(both.judging).toEqual({ calls: 4, latencyMs: 20, costUsd: 0.75 });
    const one = await scored({ a: judge(0.25), b: judge(undefined) });
    expect(one.judging).toEqual({ calls: 4, latencyMs: 20 });
    const none = await scored({ a: { score: () => ({ score: verdict(false) }) } });
    expect(none).not.toHaveProperty("judging");
  });
});
