import { expect, test } from "vitest";
import type { DataItem } from "#core/evaluations/data-item.ts";
import { verdict } from "#core/scoring/score.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { itemScorers } from "./item-scorers.ts";
import { lonelyContext } from "./scorer-context.test-support.ts";

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
async function scoresOf(item: Partial<DataItem>) {
  const common = new Map([["polite", { score: () => ({ score: verdict(true) }) }]]);
  const scorers = itemScorers(common, lonelyContext())({ id: "a", fields: {}, tags: {}, ...item });
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
      message: expect.stringContaining("as items may bring"),
    },
    broken: { kind: "unscored", code: "scorer-failed" },
  });
});

test("no data brings code that runs here, or an address that answers are sent to", async () => {
  const scorers = {
    code: { kind: "module", file: "/tmp/scorer.js" },
    address: { kind: "http", url: "http://example.com" },
  };
  expect(await scoresOf({ scorers })).toMatchObject({
    code: { kind: "unscored", message: expect.stringContaining("as items may bring") },
    address: { kind: "unscored", message: expect.stringContaining("as items may bring") },
  });
});
