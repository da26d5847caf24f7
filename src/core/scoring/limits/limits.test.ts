import { describe, expect, test } from "vitest";
import { scoreOf } from "../scored.test-support.ts";

describe("measures keep their unit, and pass up to their limit", () => {
  test.each([
    [{ kind: "latency", max_ms: 100 }, { latencyMs: 100 }, { value: 100, passed: true }],
    [{ kind: "latency", max_ms: 100 }, { latencyMs: 101 }, { value: 101, passed: false }],
    [{ kind: "cost", max_usd: 0.01 }, { costUsd: 0.02 }, { value: 0.02, passed: false }],
    [{ kind: "tokens", max: 10 }, { outputTokens: 10 }, { value: 10, passed: true }],
    [{ kind: "tokens", of: "input", max: 10 }, { inputTokens: 11 }, { value: 11, passed: false }],
    [{ kind: "tokens", of: "total" }, { inputTokens: 1, outputTokens: 2 }, { value: 3 }],
  ])("%j of %j", (config, answer, score) => {
    expect(scoreOf(config, answer)).toMatchObject(score);
  });

  test("without a limit nothing passes or fails", () => {
    expect(scoreOf({ kind: "latency" }, { latencyMs: 5 })).toEqual({ kind: "scored", value: 5 });
  });

  test("what was not told gives no score", () => {
    for (const config of [
      { kind: "cost" },
      { kind: "tokens" },
      { kind: "tokens", of: "total" },
      { kind: "finish_reason" },
    ]) {
      const score = scoreOf(config, { inputTokens: 5, finishReason: undefined });
      expect(score).toMatchObject({ kind: "unscored", code: "measurement-missing" });
    }
  });
});

test("finish_reason passes what may end an answer", () => {
  expect(scoreOf({ kind: "finish_reason" }, { finishReason: "stop" })).toMatchObject({ passed: true });
  expect(scoreOf({ kind: "finish_reason" }, { finishReason: "length" })).toMatchObject({
    passed: false,
    reason: "It ended by length",
  });
  const cut = { kind: "finish_reason", allowed: ["length"] };
  expect(scoreOf(cut, { finishReason: "length" })).toMatchObject({ passed: true });
});
