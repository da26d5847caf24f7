import { expect, test } from "vitest";
import { verdict } from "#core/scoring/score.ts";
import type { EvaluationRecord } from "./record.ts";
import { record, tableOf } from "./run.test-support.ts";
import { runTradeOffs } from "./trade-offs.ts";

interface Skill {
  readonly target: string;
  /** Which of 100 items it gets right. */
  readonly isRight: (item: number) => boolean;
  readonly costUsd?: number;
  readonly latencyMs: number;
}

function* recordsOf(skills: readonly Skill[]): Generator<EvaluationRecord> {
  for (let item = 0; item < 100; item += 1) {
    for (const { target, isRight, costUsd, latencyMs } of skills) {
      yield record(`${item}`, {
        target,
        answer: {
          latencyMs: latencyMs + (item % 5),
          ...(costUsd !== undefined && { costUsd: costUsd * (1 + (item % 3)) }),
        },
        scores: { right: verdict(isRight(item)) },
      });
    }
  }
}

const cheap: Skill = { target: "cheap", isRight: (item) => item % 2 === 0, costUsd: 0.001, latencyMs: 100 };
const good: Skill = { target: "good", isRight: (item) => item % 10 !== 0, costUsd: 0.01, latencyMs: 400 };
const standings = (skills: readonly Skill[]) =>
  runTradeOffs(tableOf(recordsOf(skills)), { scorer: "right", alpha: 0.05 })?.points.map(
    ({ variant, standing }) => [variant, standing],
  );

test("a target that is better in one thing and worse in another stands in front", () => {
  expect(standings([cheap, good])).toEqual([
    ["cheap", "front"],
    ["good", "front"],
  ]);
});

test("a target that is worse in all three, and by no chance, is behind", () => {
  const bad: Skill = { target: "bad", isRight: (item) => item % 4 === 1, costUsd: 0.02, latencyMs: 500 };
  const table = tableOf(recordsOf([cheap, good, bad]));
  const found = runTradeOffs(table, { scorer: "right", alpha: 0.05 });
  expect(found?.points.map(({ standing }) => standing)).toEqual(["front", "front", "dominated"]);
  expect(found?.dominances).toEqual([
    { better: "cheap", worse: "bad", isSure: true },
    { better: "good", worse: "bad", isSure: true },
  ]);
  expect(found?.metrics.map(({ name, better }) => `${name} ${better}`)).toEqual([
    "right higher",
    "cost_usd lower",
    "latency_ms lower",
  ]);
});

test("where it may be chance it is perhaps behind", () => {
  const twin: Skill = {
    ...good,
    target: "twin",
    isRight: (item) => item % 10 !== 0 && item !== 1,
    latencyMs: 401,
  };
  expect(standings([good, twin])).toEqual([
    ["good", "front"],
    ["twin", "perhaps-dominated"],
  ]);
});

test("a target whose price nobody knows cannot be placed", () => {
  const { costUsd: _price, ...unpriced } = good;
  expect(standings([cheap, { ...unpriced, target: "unpriced" }])).toEqual([
    ["cheap", "front"],
    ["unpriced", "unknown"],
  ]);
});

test("one target has nothing to be weighed against", () => {
  expect(standings([cheap])).toBeUndefined();
});
