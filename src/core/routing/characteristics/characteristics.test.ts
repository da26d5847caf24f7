import { expect, test } from "vitest";
import { readVector } from "../../../../test/support/read-vector.ts";
import { characteristicsOfText } from "./characteristics.ts";

interface Message {
  readonly source: string;
  readonly category?: string;
  readonly text: string;
}

// Our own files; a wrong shape fails the counts below.
const messages = readVector("characteristics/messages.json") as readonly Message[];
const languages = readVector("characteristics/languages.json") as Readonly<Record<string, string>>;

const look = (text: string) => characteristicsOfText(text, "");

/** The share of a source's messages (of some categories) that have a trait. */
function share(
  source: string,
  has: (looks: ReturnType<typeof look>) => boolean,
  categories?: readonly string[],
): number {
  const all = messages.filter((one) => {
    return one.source === source && (categories?.includes(one.category ?? "") ?? true);
  });
  expect(all.length).toBeGreaterThan(9);
  return all.filter(({ text }) => has(look(text))).length / all.length;
}

test("code is seen where there is some or some is asked for", () => {
  expect(share("humaneval", ({ code }) => code)).toBe(1);
  expect(share("mt-bench", ({ code }) => code, ["coding"])).toBeGreaterThanOrEqual(0.9);
  expect(share("banking77", ({ code }) => code)).toBe(0);
  expect(share("gsm8k", ({ code }) => code)).toBe(0);
  expect(share("mt-bench", ({ code }) => code, ["writing", "roleplay", "humanities", "stem"])).toBe(0);
});

test("maths is seen where something is to be calculated", () => {
  expect(share("gsm8k", ({ maths }) => maths)).toBeGreaterThanOrEqual(0.9);
  expect(share("mt-bench", ({ maths }) => maths, ["math"])).toBeGreaterThanOrEqual(0.9);
  expect(share("banking77", ({ maths }) => maths)).toBeLessThan(0.03);
  expect(share("mt-bench", ({ maths }) => maths, ["writing", "humanities", "stem"])).toBeLessThan(0.04);
});

test("English is told in a sentence", () => {
  expect(share("banking77", ({ language }) => language === "en")).toBeGreaterThan(0.93);
  expect(share("gsm8k", ({ language }) => language === "en")).toBeGreaterThan(0.96);
  expect(share("banking77", ({ language }) => language !== "en" && language !== undefined)).toBeLessThan(
    0.03,
  );
});

test.each(Object.entries(languages))("the language %s is told by two sentences", (language, text) => {
  expect(look(text).language).toBe(language);
});

test.each([
  ["Why was my card declined?", "why"],
  ["How do I reset my PIN?", "how-to"],
  ["How many countries are supported?", "fact"],
  ["Is my account blocked?", "yes-no"],
  ["Summarize this article in two sentences: ...", "summarise"],
  ["Translate to French: good morning", "translate"],
  ["Classify the sentiment of this review: ...", "classify"],
  ["Extract all dates from this text: ...", "extract"],
  ["Rewrite this so that it is polite: ...", "rewrite"],
  ["Compare tea and coffee", "compare"],
  ["Write a poem about rain", "create"],
  ["List the planets", "instruction"],
  ["My card is broken", "statement"],
  ["", "statement"],
])("%j is of the type %s", (text, question) => {
  expect(look(text).question).toBe(question);
});

test("nothing is told of what has no words", () => {
  expect(look("12345 !!!")).toMatchObject({ code: false, language: undefined, words: 0 });
});

test("a message that was made to run long takes no longer than others", () => {
  const started = performance.now();
  for (const piece of ["write ", "if (", "a.", "how ", "$", "select ", "<div ", "fasse ", "1 + "]) {
    look(piece.repeat(4_096 / piece.length));
  }
  expect(performance.now() - started).toBeLessThan(200);
});
