import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomFrom } from "../random.ts";
import { textTokens } from "../tokens.ts";
import type { Answer } from "./answer.ts";
import { answerTokens } from "./answer.ts";
import { answerSteps } from "./answer-steps.ts";

const framing = { tokensMin: 1, tokensMax: 6, breaks: [] };
const answerOf = (text: string): Answer => ({
  items: [{ kind: "text", text }],
  thoughtTokens: 0,
  finishReason: "STOP",
});

describe("the steps of a stream", () => {
  test("put together are the answer, with cumulative tokens, and finish once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), fc.string(), (text, seed) => {
        const answer = answerOf(text);
        const steps = answerSteps([answer], framing, randomFrom(seed)).toArray();
        const pieces = steps.map((step) => (step.item?.kind === "text" ? step.item.text : ""));
        expect(pieces.join("")).toBe(text);
        expect(steps.at(-1)?.outputTokens).toBe(answerTokens(answer));
        expect(steps.map((step) => step.outputTokens)).toEqual(
          steps.map((step) => step.outputTokens).toSorted((a, b) => a - b),
        );
        expect(steps.filter((step) => step.finish !== undefined)).toEqual([steps.at(-1)]);
      }),
    );
  });

  test("never split a character", () => {
    const steps = answerSteps([answerOf("😀🎉🚀".repeat(20))], framing, randomFrom("emoji")).toArray();
    const pieces = steps.map((step) => (step.item?.kind === "text" ? step.item.text : ""));
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  });

  test("end a frame at a break", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.string(), (at, seed) => {
        const steps = answerSteps(
          [answerOf("abcd".repeat(50))],
          { ...framing, breaks: [at] },
          randomFrom(seed),
        ).toArray();
        expect(steps.map((step) => step.outputTokens)).toContain(at);
      }),
    );
  });

  test("of several candidates count the tokens of all", () => {
    const steps = answerSteps([answerOf("abcdefgh"), answerOf("abcd")], framing, randomFrom("two")).toArray();
    expect(steps.at(-1)).toMatchObject({ candidate: 1, outputTokens: textTokens("abcdefgh") + 1 });
    expect(steps.filter((step) => step.finish !== undefined)).toHaveLength(2);
  });
});
