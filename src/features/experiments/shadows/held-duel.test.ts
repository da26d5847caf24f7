import { describe, expect, test } from "vitest";
import { ok } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { Purse } from "#features/gateway/index.ts";
import { testRecord } from "../../../../test/support/request-records.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { heldDuel } from "./held-duel.ts";
import { answeredCall, saying, testAsk } from "./shadow-ask.test-support.ts";
import { memoryShadowStore } from "./store.memory.ts";

const judge = { route: "judge", criteria: "The better one is right" };
const cost = { picoDollars: 40, estimated: false, unpricedAttempts: 0 };
const both = { control: saying("It scatters."), treatment: saying("It is the sea.") };

/** Holds a duel whose judge says these, one after the other; its requests are kept. */
async function held(
  says: readonly string[],
  {
    answers = both,
    budget = 1e9,
  }: { readonly answers?: Partial<typeof both>; readonly budget?: number } = {},
) {
  const asked: ChatRequest[] = [];
  const ask = testAsk({
    judge(request) {
      const text = says[asked.length] ?? "";
      asked.push(request);
      return ok(answeredCall({ record: testRecord({ cost }), response: saying(text) }));
    },
  });
  const { signal } = new AbortController();
  const purse = new Purse({
    store: memoryShadowStore(),
    clock: new FakeTime(),
    payer: "quiet",
    budget,
    signal,
  });
  return { duel: await heldDuel({ ask, judge, purse, answers }), asked };
}

const said = (better: string) => JSON.stringify({ better });

test.each([
  ["A", "B", { end: "won", scores: { first: 1, second: 1 } }],
  ["B", "A", { end: "lost", scores: { first: 0, second: 0 } }],
  ["tie", "tie", { end: "tied", scores: { first: 0.5, second: 0.5 } }],
  ["A", "A", { end: "inconsistent", scores: { first: 1, second: 0 } }],
  ["B", "B", { end: "inconsistent", scores: { first: 0, second: 1 } }],
  ["A", "tie", { end: "inconsistent", scores: { first: 1, second: 0.5 } }],
])("a judge that says %s, and in the other order %s", async (first, second, wanted) => {
  const { duel } = await held([said(first), said(second)]);
  expect(duel).toEqual({ ...wanted, picoDollars: 80 });
});

describe("a judge", () => {
  test("sees the conversation and both answers in both orders, not whose they are, and answers by a schema", async () => {
    const { asked } = await held([said("A"), said("B")]);
    expect(asked.map(({ model }) => model)).toEqual(["judge", "judge"]);
    const texts = asked.map(({ messages }) =>
      messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? [part.text] : []))),
    );
    const [first = [], second = []] = texts;
    expect(first[0]).toContain(judge.criteria);
    expect(first[0]).toBe(second[0]);
    const order = (text = "") => text.indexOf("It is the sea.") - text.indexOf("It scatters.");
    expect(order(first[1])).toBeLessThan(0);
    expect(order(second[1])).toBeGreaterThan(0);
    expect(first[1]).toContain("Why is the sky blue?");
    for (const text of texts.flat()) expect(text).not.toMatch(/argon|flash/);
    expect(asked[0]?.output).toMatchObject({ type: "json-schema", strict: true });
  });

  test("that says nothing readable, or is beyond the budget, has failed, and costs what it cost", async () => {
    expect((await held([said("A"), "the first one"])).duel).toEqual({ end: "judge-failed", picoDollars: 80 });
    expect((await held([said("C"), said("A")])).duel).toEqual({ end: "judge-failed", picoDollars: 80 });
    expect((await held([said("A"), said("B")], { budget: 99 })).duel).toEqual({
      end: "judge-failed",
      picoDollars: 0,
    });
    expect((await held([said("A"), said("B")], { budget: 139 })).duel).toEqual({
      end: "judge-failed",
      picoDollars: 40,
    });
  });

  test("is not asked where a side has no answer, or an empty one", async () => {
    for (const answers of [{ control: both.control }, { ...both, treatment: saying("") }, {}]) {
      const { duel, asked } = await held([], { answers });
      expect(duel).toEqual({ end: "unanswered", picoDollars: 0 });
      expect(asked).toEqual([]);
    }
  });
});
