import { expect, test } from "vitest";
import type { DataItem } from "#core/evaluations/data-item.ts";
import { verdict } from "#core/scoring/score.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { itemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { must } from "../../../../test/support/must.ts";
import { itemScorers } from "./item-scorers.ts";

const answer: ScoredAnswer = {
  text: "It is in the post.",
  toolCalls: [],
  finishReason: "stop",
  fields: {},
  latencyMs: 1,
  costUsd: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
};
const context = {
  ask: () => expect.unreachable("nobody is asked"),
  server: { baseUrl: "", headers: {} },
  timers: new FakeTime(),
  prompt: must(itemPrompt("x")),
};

async function scoresOf(item: Partial<DataItem>) {
  const common = new Map([["polite", { score: () => ({ score: verdict(true) }) }]]);
  const scorers = itemScorers(common, context)({ id: "a", fields: {}, tags: {}, ...item });
  const signal = new AbortController().signal;
  const scores = [...scorers].map(async ([name, scorer]) => [
    name,
    (await scorer.score(answer, signal)).score,
  ]);
  return Object.fromEntries(await Promise.all(scores)) as unknown;
}

test("an item is scored by what scores all, and by its own scorers", async () => {
  expect(await scoresOf({})).toEqual({ polite: verdict(true) });
  const scorers = {
    post: { kind: "contains", expected: "post" },
    polite: { kind: "contains", expected: "please" },
  };
  expect(await scoresOf({ scorers })).toMatchObject({ post: { passed: true }, polite: { passed: false } });
});

test("an own scorer that cannot be made scores nothing, and says why", async () => {
  const scorers = { unknown: { kind: "magic" }, broken: { kind: "regex", pattern: "(" } };
  expect(await scoresOf({ scorers })).toMatchObject({
    polite: { passed: true },
    unknown: {
      kind: "unscored",
      code: "scorer-failed",
      message: expect.stringContaining("as evaluations describe"),
    },
    broken: { kind: "unscored", code: "scorer-failed" },
  });
});
