import { describe, expect, test } from "vitest";
import { FilePrompts } from "./file-prompts.ts";
import { SyntheticPrompts } from "./synthetic-prompts.ts";

const wordsOf = (text: string): readonly string[] => text.split(" ");
const range = (min: number, max = min) => ({ min, max });

describe("made-up prompts", () => {
  test("have as many words as tokens are wanted, others each time, the same for the same seed", () => {
    const sizes = { inputTokens: range(50), outputTokens: range(20) };
    const prompts = new SyntheticPrompts(sizes, 1);
    const [first, second] = [prompts.next(undefined), prompts.next(undefined)];
    expect(wordsOf(first.text)).toHaveLength(50);
    expect(first.outputTokensMax).toBe(20);
    expect(second.text).not.toBe(first.text);
    expect(new SyntheticPrompts(sizes, 1).next(undefined)).toEqual(first);
    expect(new SyntheticPrompts(sizes, 2).next(undefined).text).not.toBe(first.text);
  });

  test("of a range have each length in it", () => {
    const prompts = new SyntheticPrompts({ inputTokens: range(3, 5) }, 1);
    const lengths = new Set(Array.from({ length: 100 }, () => wordsOf(prompts.next(undefined).text).length));
    expect(lengths).toEqual(new Set([3, 4, 5]));
  });

  test("of one group share their beginning, and only that", () => {
    const prompts = new SyntheticPrompts({ inputTokens: range(10), prefix: { tokens: 40, groups: 2 } }, 1);
    const texts = Array.from({ length: 50 }, () => wordsOf(prompts.next(undefined).text));
    expect(texts.every((text) => text.length === 50)).toBe(true);
    expect(new Set(texts.map((text) => text.slice(0, 40).join(" "))).size).toBe(2);
    expect(new Set(texts.map((text) => text.slice(40).join(" "))).size).toBe(50);
    expect(wordsOf(prompts.further().text)).toHaveLength(10);
  });

  test("of a trace are as long as its requests, and share the blocks that those shared", () => {
    const prompts = new SyntheticPrompts({ inputTokens: range(1) }, 1);
    const of = (inputTokens: number, blocks: readonly number[]): readonly string[] =>
      wordsOf(prompts.next({ inputTokens, outputTokens: 8, blocks }).text);
    const [one, two] = [of(1_100, [0, 1, 2]), of(1_200, [0, 1, 9])];
    expect([one.length, two.length]).toEqual([1_100, 1_200]);
    expect(one.slice(0, 1_024)).toEqual(two.slice(0, 1_024));
    expect(one.slice(1_024)).not.toEqual(two.slice(1_024, 1_100));
    expect(wordsOf(prompts.next({ inputTokens: 7, outputTokens: 3 }).text)).toHaveLength(7);
  });
});

test("prompts of a file come in its order, and from the beginning again", () => {
  const prompts = new FilePrompts([{ text: "a" }, { text: "b" }], 5);
  expect([1, 2, 3].map(() => prompts.next(undefined).text)).toEqual(["a", "b", "a"]);
  expect(prompts.further()).toEqual({ text: "b", outputTokensMax: 5 });
  expect(prompts.next({ inputTokens: 9, outputTokens: 2 }).outputTokensMax).toBe(2);
});
