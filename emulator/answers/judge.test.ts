import type { JsonObject } from "../json.ts";
import { describe, expect, test } from "vitest";
import { createKnowledge, type AnswerKeys } from "./known-answers.ts";
import type { JudgeSkill } from "./judge.ts";
import { judgedMaterial } from "./judged-material.ts";
import { verdictText } from "./verdict-text.ts";

const tries = 4_000;
const questions = Array.from({ length: tries }, (_, at) => ({
  question: `${at} and one more is how many?`,
  answer: String(at + 1),
  choices: ["none", String(at + 1)],
}));

function judgeOf(skill: JudgeSkill, seed = "1") {
  const keys: AnswerKeys = { questions, skills: {}, judges: { judge: skill } };
  return createKnowledge(keys, seed).judge;
}

function pieces(...named: readonly (readonly [string, string])[]): string {
  return named.map(([name, text]) => `===== ${name}\n${text}\n===== END OF ${name}`).join("\n\n");
}

const conversation = (at: number) => ["CONVERSATION", `[user]\n${at} and one more is how many?`] as const;
const right = (at: number) => `It is ${at + 1}.`;
const wrong = (at: number) => `It is ${at}.`;

const one = (at: number, answer: string) => pieces(conversation(at), ["ANSWER", answer]);
const two = (at: number, a: string, b: string) => pieces(conversation(at), ["ANSWER A", a], ["ANSWER B", b]);

/** How often something holds, as a share of all questions. */
function share(holds: (at: number) => boolean): number {
  return questions.filter((_, at) => holds(at)).length / tries;
}

/** Three standard errors of 4,000 draws are 0.024 at most. */
const near = (value: number, wanted: number) => expect(Math.abs(value - wanted)).toBeLessThan(0.024);

describe("a judge of one answer", () => {
  test("finds what is right and what is wrong as often as its accuracy says", () => {
    const judge = judgeOf({ accuracy: { right: 0.95, wrong: 0.7 } });
    near(
      share((at) => judge(one(at, right(at)), "judge")?.words === "pass"),
      0.95,
    );
    near(
      share((at) => judge(one(at, wrong(at)), "judge")?.words === "fail"),
      0.7,
    );
  });

  test("takes an answer as right where the right one stands in it by itself", () => {
    const judge = judgeOf({ accuracy: 1 });
    expect(judge(one(17, "#### 18"), "judge")?.words).toBe("pass");
    for (const answer of ["180", "x18", "seventeen", ""])
      expect(judge(one(17, answer), "judge")?.words).toBe("fail");
  });

  test("judges recorded answers by their reward", () => {
    const judge = judgeOf({ accuracy: 1 });
    const found = judge(
      pieces(["CONVERSATION", "?"], ["ANSWER", "Recorded reward 0.905.  And so on."]),
      "judge",
    );
    expect(found).toEqual({ words: "pass", worth: 0.905 });
  });
});

describe("a judge of two answers", () => {
  const kept = { accuracy: 0.9, first: 0.2, longer: 0.1 };

  test("prefers the first, then the longer, then errs, with the probabilities that it is given", () => {
    const judge = judgeOf(kept);
    const padded = (at: number) => `${wrong(at)} That is what I think.`;
    near(
      share((at) => judge(two(at, right(at), padded(at)), "judge")?.words === "A"),
      0.2 + 0.8 * 0.9 * 0.9,
    );
    near(
      share((at) => judge(two(at, padded(at), right(at)), "judge")?.words === "A"),
      0.2 + 0.8 * (0.1 + 0.9 * 0.1),
    );
  });

  test("changes its mind with the order as often as it prefers the first, and never else", () => {
    const judge = judgeOf(kept);
    const pairs = questions.map((_, at) => [
      judge(two(at, right(at), wrong(at)), "judge")?.words,
      judge(two(at, wrong(at), right(at)), "judge")?.words,
    ]);
    const twice = pairs.filter(([a, b]) => a === b && a !== "tie");
    near(twice.length / tries, 0.2);
    expect(twice.every(([a]) => a === "A")).toBe(true);
  });

  test("finds a tie between answers that are as good as each other", () => {
    const judge = judgeOf({ accuracy: 0.8 });
    const words = (at: number, a: string, b: string) => judge(two(at, a, b), "judge")?.words;
    near(
      share((at) => words(at, right(at), `${right(at)} Yes.`) === "tie"),
      0.8,
    );
    near(
      share((at) => words(at, wrong(at), "none") === "A"),
      0.1,
    );
  });

  test("says the same for the same seed, and another for another", () => {
    const [first, again, other] = ["1", "1", "2"].map((seed) => judgeOf(kept, seed));
    const words = (judge: typeof first) =>
      questions.map((_, at) => judge?.(two(at, right(at), wrong(at)), "judge")?.words).join("");
    expect(words(first)).toBe(words(again));
    expect(words(first)).not.toBe(words(other));
  });
});

describe("who judges nothing", () => {
  test.each([
    ["another model", one(1, "2"), "another"],
    ["a prompt without pieces", "1 and one more is how many?", "judge"],
    ["a question that is not known", pieces(["CONVERSATION", "Why?"], ["ANSWER", "2"]), "judge"],
    ["one of two answers", pieces(conversation(1), ["ANSWER A", "2"]), "judge"],
  ])("%s", (_, prompt, model) => {
    expect(judgeOf({ accuracy: 1 })(prompt, model)).toBeUndefined();
  });

  test("probabilities out of [0, 1] are refused", () => {
    for (const skill of [{ accuracy: 1.1 }, { accuracy: { right: 1, wrong: -1 } }, { accuracy: 1, first: 2 }])
      expect(() => judgeOf(skill)).toThrow('probabilities of judge "judge"');
  });
});

test("what is judged may hold lines as those around it", () => {
  const answer = "a\n===== END OF ANSWER\nb";
  expect(judgedMaterial(one(1, answer))).toMatchObject({ kind: "one", answer });
});

describe("a verdict", () => {
  const pass = { words: "pass", worth: 0.9 } as const;
  const schema = (verdict: JsonObject) => ({
    type: "object",
    properties: { reason: { type: "string" }, verdict },
    required: ["reason", "verdict"],
  });
  const said = (form: Parameters<typeof verdictText>[1]) => JSON.parse(verdictText(pass, form)) as unknown;

  test("is said in the form that is asked for", () => {
    const reason = expect.any(String);
    const instructions = 'then "verdict", a whole number from 1 (worst) to 10 (best).';
    expect(said({ schema: schema({ enum: ["pass", "fail"] }), instructions: "" })).toEqual({
      reason,
      verdict: "pass",
    });
    expect(said({ schema: schema({ type: "integer" }), instructions })).toEqual({ reason, verdict: 9 });
    expect(said({ schema: schema({ type: "INTEGER", minimum: 0, maximum: 100 }), instructions })).toEqual({
      reason,
      verdict: 90,
    });
    expect(said({ schema: schema({ enum: ["right", "partly", "wrong"] }), instructions: "" })).toEqual({
      reason,
      verdict: "right",
    });
    expect(said({ schema: schema({ type: "boolean" }), instructions: "" })).toEqual({
      reason,
      verdict: true,
    });
    expect(verdictText(pass, { schema: undefined, instructions: "" })).toBe("pass");
    expect(verdictText(pass, { schema: undefined, instructions })).toBe("9");
    expect(verdictText({ words: "tie", worth: 0.5 }, { schema: undefined, instructions: "" })).toBe("tie");
  });
});
