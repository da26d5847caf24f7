import { describe, expect, test } from "vitest";
import { randomFrom } from "../random.ts";
import { createKnownAnswers, type AnswerKeys } from "./known-answers.ts";

const choices = ["lost_card", "top_up", "exchange_rate"];
const keys: AnswerKeys = {
  questions: [
    { question: "I lost my card", answer: "lost_card" },
    { question: "Where did I lose it? I lost my card yesterday", answer: "lost_card" },
    { question: "How do I top up?", answer: "top_up", difficulty: 1 },
    { question: "Is it 7?", answer: "yes", choices: ["yes", "no"] },
  ],
  choices,
  skills: { sure: 1, wrong: 0, mixed: 0.7, tired: { easy: 1, hard: 0.2 } },
};
const known = createKnownAnswers(keys);
const answer = (prompt: string, model: string, seed = "") => known(prompt, model, randomFrom(seed));

/** The share of right answers over many seeds. */
function share(model: string, question: string, right: string): number {
  const tries = 4_000;
  const answers = Array.from({ length: tries }, (_, seed) => answer(question, model, String(seed)));
  return answers.filter((one) => one === right).length / tries;
}

describe("known answers", () => {
  test("a question is found wherever it stands in a prompt", () => {
    expect(answer("Label: I lost my card", "sure")).toBe("lost_card");
    expect(answer("I lost my card\nWhich label?", "sure")).toBe("lost_card");
    expect(answer("i lost my card", "sure")).toBeUndefined();
  });

  test("of several questions the last is meant, and the one that holds another", () => {
    expect(answer("I lost my card: lost_card\nHow do I top up?", "sure")).toBe("top_up");
    expect(answer("How do I top up? is top_up. Where did I lose it? I lost my card yesterday", "sure")).toBe(
      "lost_card",
    );
  });

  test("a wrong answer is another of the question's choices", () => {
    const wrong = Array.from({ length: 40 }, (_, seed) => answer("I lost my card", "wrong", String(seed)));
    expect(new Set(wrong)).toEqual(new Set(["top_up", "exchange_rate"]));
    expect(answer("Is it 7?", "wrong")).toBe("no");
  });

  test("a model knows as many answers as its skill says, by difficulty where it depends on it", () => {
    // Three standard errors of 4,000 draws are 0.022 at most.
    expect(Math.abs(share("mixed", "I lost my card", "lost_card") - 0.7)).toBeLessThan(0.024);
    expect(Math.abs(share("tired", "How do I top up?", "top_up") - 0.2)).toBeLessThan(0.024);
    expect(share("tired", "I lost my card", "lost_card")).toBe(1);
  });

  test("who has no skill, and what is no question, gets no answer from them", () => {
    expect(answer("I lost my card", "another")).toBeUndefined();
    expect(answer("I lost my card", "toString")).toBeUndefined();
    expect(answer("Tell me a story", "sure")).toBeUndefined();
  });

  test("keys that say nothing sensible are refused", () => {
    const refused = (change: Partial<AnswerKeys>) => () => createKnownAnswers({ ...keys, ...change });
    expect(refused({ choices: ["top_up"] })).toThrow('Cannot know the question "How do I top up?"');
    expect(refused({ questions: [{ question: "", answer: "yes" }] })).toThrow("it is empty");
    expect(refused({ skills: { sure: 1.2 } })).toThrow('skill of "sure"');
    expect(refused({ skills: { sure: { easy: 1, hard: Number.NaN } } })).toThrow('skill of "sure"');
    expect(refused({ questions: [{ question: "Why?", answer: "x", difficulty: -1 }] })).toThrow("difficulty");
  });
});
