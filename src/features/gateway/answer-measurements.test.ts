import { expect, test } from "vitest";
import type { Usage } from "#core/llm/usage.ts";
import { AnswerMeasurements } from "#features/gateway/answer-measurements.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

const usage: Usage = {
  inputTokens: 10,
  cachedInputTokens: 0,
  toolInputTokens: 0,
  outputTokens: 60,
  thinkingTokens: 40,
};
const attempt: AttemptRecord = {
  attempt: 1,
  deployment: "flash",
  provider: "google",
  variant: "support",
  model: "gemini-3.8-flash",
  outcome: "completed",
  usage,
  startedMs: 0,
  firstContentMs: 200,
  totalMs: 1_200,
};
const small = { stream: true, inputTokens: 100 };

function measured(...attempts: readonly (readonly [Partial<AttemptRecord>, Partial<typeof small>?])[]) {
  const measurements = new AnswerMeasurements(() => undefined);
  for (const [fields, request] of attempts)
    measurements.ended({ ...attempt, ...fields }, { ...small, ...request });
  return measurements;
}

test("a stream tells its first content, and how fast tokens came after it, thinking included", () => {
  const measurements = measured([{}]);
  expect(measurements.firstContentMs("flash", "small")).toBe(200);
  expect(measurements.tokensPerSecond("flash", "small")).toBe(100);
  expect(measurements.answerTokens("support")).toBe(100);
});

test("of a whole answer all of its time is that of its tokens", () => {
  const measurements = measured([{ totalMs: 2_000 }, { stream: false }]);
  expect(measurements.firstContentMs("flash", "small")).toBe(0);
  expect(measurements.tokensPerSecond("flash", "small")).toBe(50);
});

test("streams are believed before whole answers", () => {
  const measurements = measured([{}], [{ totalMs: 2_000 }, { stream: false }]);
  expect(measurements.firstContentMs("flash", "small")).toBe(200);
  expect(measurements.tokensPerSecond("flash", "small")).toBe(100);
});

test("sizes of prompts, deployments and variants are apart", () => {
  const measurements = measured([{}], [{ firstContentMs: 900 }, { inputTokens: 5_000 }]);
  expect(measurements.firstContentMs("flash", "small")).toBe(200);
  expect(measurements.firstContentMs("flash", "medium")).toBe(900);
  expect(measurements.firstContentMs("flash", "large")).toBeUndefined();
  expect(measurements.firstContentMs("lite", "small")).toBeUndefined();
  expect(measurements.answerTokens("other")).toBeUndefined();
});

test("a change is believed by and by", () => {
  const slower = Array.from({ length: 20 }, () => [{ firstContentMs: 1_000 }] as const);
  const now = measured([{}], ...slower).firstContentMs("flash", "small");
  expect(now).toBeGreaterThan(850);
  expect(now).toBeLessThan(1_000);
});

test("what failed, was left, or told no tokens says nothing", () => {
  const { usage: _usage, ...silent } = attempt;
  const measurements = new AnswerMeasurements(() => undefined);
  measurements.ended({ ...attempt, outcome: "failed" }, small);
  measurements.ended({ ...attempt, outcome: "aborted" }, small);
  measurements.ended(silent, small);
  expect(measurements.firstContentMs("flash", "small")).toBeUndefined();
  expect(measurements.answerTokens("support")).toBeUndefined();
});
