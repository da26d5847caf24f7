import { describe, expect, test } from "vitest";
import { scoreOf } from "../scored.test-support.ts";
import { chosenLetter } from "./chosen-letter.ts";

describe("the letter that an answer chooses", () => {
  test.each([
    ["B", "B"],
    ["b", "B"],
    ["(B)", "B"],
    [" [C] ", "C"],
    ["**B**", "B"],
    ["B.", "B"],
    ["B) Paris", "B"],
    ["B. Paris is the capital of France", "B"],
    ["(B) Paris", "B"],
    ["The answer is B.", "B"],
    ["The answer is (b).", "B"],
    ["the answer is b", "B"],
    ["Answer: **B**", "B"],
    ["**Answer:** (D) none of them", "D"],
    ["The correct option is: C", "C"],
    ["The best choice would be D", "D"],
    ["So the answer is\n\n(A)", "A"],
    ["Option B", "B"],
    ["C is correct.", "C"],
    ["(C) is the right answer", "C"],
    [String.raw`\boxed{B}`, "B"],
    [String.raw`$\boxed{\text{(B)}}$`, "B"],
    ["(A) is wrong because it is small. Therefore (A) falls, the answer is (B).", "B"],
    ["First I thought the answer is A. But no: the answer is C.", "C"],
    ["I think that it must be (B) after all", "B"],
    ["I would say C", "C"],
    ["Die Antwort ist B", "B"],
  ])("%j is %s", (text, letter) => {
    expect(chosenLetter(text, 5)).toBe(letter);
  });

  test.each([
    "A good answer is hard to find",
    "The answer is a dog",
    "I do not know",
    "It is (A) or (B)",
    "Neither",
    "The answer is F",
    "",
  ])("%j chooses none", (text) => {
    expect(chosenLetter(text, 5)).toBeUndefined();
  });
});

describe("multiple_choice", () => {
  const choices = ["a cat", "the moon", "blue cheese", "cheese"];
  const chosen = (text: string, reference: string | number, options = {}) =>
    scoreOf({ kind: "multiple_choice", ...options }, { text, fields: { choices, reference } });

  test("the reference may be a letter, a number or a text", () => {
    for (const reference of ["B", "(B)", "b", 1, "the moon"]) {
      expect(chosen("The answer is B", reference)).toMatchObject({ value: 1 });
      expect(chosen("The answer is C", reference)).toMatchObject({ value: 0 });
    }
    expect(chosen("B", 2, { first_number: 1 })).toMatchObject({ value: 1 });
  });

  test("a choice may be named by its text", () => {
    expect(chosen("Cheese.", "D")).toMatchObject({ value: 1 });
    expect(chosen("It is made of the moon!", "B")).toMatchObject({ value: 1 });
    expect(chosen("Blue cheese, I think", "C")).toMatchObject({ value: 0 });
  });

  test("choices may be the same for all items, or unknown", () => {
    expect(
      scoreOf({ kind: "multiple_choice", choices: ["yes", "no"], expected: "no" }, { text: "No." }),
    ).toMatchObject({ value: 1 });
    expect(scoreOf({ kind: "multiple_choice", expected: "(F)" }, { text: "(F)" })).toMatchObject({
      value: 1,
    });
  });

  test("an answer that chooses nothing is wrong; a reference that is no choice gives no score", () => {
    expect(chosen("I do not know", "B")).toMatchObject({ value: 0, passed: false });
    for (const reference of ["E", "Paris", 4, 1.5, -1]) {
      expect(chosen("B", reference)).toMatchObject({ kind: "unscored", code: "reference-invalid" });
    }
  });
});
