import { expect, test } from "vitest";
import { textTokens } from "../tokens.ts";
import { createRecordedAnswers, recordedReward } from "./recorded-answers.ts";

const prices = { "google/gemini-2.5-flash": { input: 0.3, output: 2.5 } };
const questions = [
  {
    question: "Write a list.\n",
    models: { "google/gemini-2.5-flash": { reward: 0.905, cost_usd: 0.0037014 } },
  },
  { question: "Write less.", models: { "google/gemini-2.5-flash": { reward: 1, cost_usd: 0 } } },
];
const recorded = createRecordedAnswers({ questions, prices });

test("a recorded answer has the tokens that cost what was recorded, and says its reward", () => {
  const answer = recorded("Write a list.", "google/gemini-2.5-flash", 100) ?? expect.unreachable();
  const costUsd = (100 * 0.3 + answer.tokens * 2.5) / 1e6;
  expect(Math.abs(costUsd - 0.0037014)).toBeLessThan(2.5e-6);
  expect(recordedReward(`${answer.beginning}and so on`)).toBe(0.905);
  expect(answer.beginning.length % 4).toBe(0);
});

test("an answer that cost less than its first words has these", () => {
  const answer = recorded("Write less.", "google/gemini-2.5-flash", 100) ?? expect.unreachable();
  expect(answer.tokens).toBe(textTokens(answer.beginning));
});

test("nothing is recorded of other prompts and models", () => {
  expect(recorded("Please: Write less.", "google/gemini-2.5-flash", 1)).toBeUndefined();
  expect(recorded("Write less.", "toString", 1)).toBeUndefined();
  expect(recordedReward("It is right.")).toBeUndefined();
});

test("what says nothing sensible is refused", () => {
  const of = (reward: number, cost: number, model: string) => () =>
    createRecordedAnswers({
      questions: [{ question: "?", models: { [model]: { reward, cost_usd: cost } } }],
      prices,
    });
  expect(of(1.5, 0, "google/gemini-2.5-flash")).toThrow("a reward from 0 to 1 is wanted");
  expect(of(1, -1, "google/gemini-2.5-flash")).toThrow("a cost from 0 on is wanted");
  expect(of(1, 1, "another")).toThrow("a price is wanted, there is none");
});
