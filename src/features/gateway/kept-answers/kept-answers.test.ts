import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatResponse } from "#core/llm/response.ts";
import { KeptAnswers } from "./kept-answers.ts";

const answer = (text: string): ChatResponse => ({
  candidates: [{ index: 0, parts: [{ type: "text", text }], finish: { reason: "stop", raw: "stop" } }],
});
const kept = (text: string, route = "r") => ({
  route,
  variant: "v",
  deployment: "d",
  emulated: false,
  response: answer(text),
});

describe("a kept answer", () => {
  test("is found with its age until it is too old, and is gone then", () => {
    const answers = new KeptAnswers();
    answers.keep("k", kept("hi"), 1_000);
    expect(answers.find("k", 500, 1_500)).toEqual({ ...kept("hi"), ageMs: 500 });
    expect(answers.find("k", 500, 1_501)).toBeUndefined();
    expect(answers.bytes).toBe(0);
    expect(answers.find("other", 500, 1_000)).toBeUndefined();
  });

  test("is replaced by a newer one", () => {
    const answers = new KeptAnswers();
    answers.keep("k", kept("old"), 0);
    const { bytes } = answers;
    answers.keep("k", kept("new"), 10);
    expect(answers.bytes).toBe(bytes);
    expect(answers.find("k", 100, 10)).toMatchObject({ ageMs: 0, response: answer("new") });
  });

  test("of more than a megabyte is not kept", () => {
    const answers = new KeptAnswers();
    answers.keep("k", kept("x".repeat(1024 * 1024)), 0);
    expect(answers.find("k", 100, 0)).toBeUndefined();
  });

  test("goes when its route keeps none any more", () => {
    const answers = new KeptAnswers();
    answers.keep("a", kept("a", "one"), 0);
    answers.keep("b", kept("b", "two"), 0);
    answers.retain((route) => route === "two");
    expect([answers.find("a", 9, 0), answers.find("b", 9, 0)?.route]).toEqual([undefined, "two"]);
  });
});

test("where there is no room the one goes that was asked for longest ago", () => {
  const answers = new KeptAnswers(1_400);
  answers.keep("a", kept("a"), 0);
  answers.keep("b", kept("b"), 0);
  expect(answers.find("a", 9, 1)).toBeDefined();
  answers.keep("c", kept("c"), 2);
  expect(["a", "b", "c"].map((key) => answers.find(key, 9, 2) !== undefined)).toEqual([true, false, true]);
});

test("all together never take more than they may, whatever is kept", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(3_000))), (steps) => {
      const answers = new KeptAnswers(10_000);
      for (const [key, length] of steps) {
        answers.keep(String(key), kept("x".repeat(length)), 0);
        expect(answers.bytes).toBeLessThanOrEqual(10_000);
        expect(answers.find(String(key), 1, 0)?.response).toEqual(answer("x".repeat(length)));
      }
    }),
  );
});
