import { expect, test } from "vitest";
import { SeededChance } from "../../test/support/seeded-chance.ts";
import {
  bankingSkills,
  bankingVariants,
  conversationVariance,
  loadBankingQuestions,
  rightShare,
} from "./banking-models.ts";

test("there are 40 questions of each of 77 subjects, and none is asked about two", () => {
  const { categories, keys } = loadBankingQuestions();
  expect(categories.map((questions) => questions.length)).toEqual(Array(77).fill(40));
  const byText = Map.groupBy(keys.questions, ({ question }) => question);
  const answers = [...byText.values()].map((same) => new Set(same.map(({ answer }) => answer)).size);
  expect(new Set(answers)).toEqual(new Set([1]));
  expect(new Set(keys.choices).size).toBe(77);
});

test("skill and variance of a conversation are those of many drawn ones", () => {
  const [conversations, subjects, requestsMax] = [200_000, 77, 3];
  for (const variant of bankingVariants) {
    const chance = new SeededChance(20_261_127, variant);
    const { easy, hard } = bankingSkills[variant];
    let [right, answers, squares] = [0, 0, 0];
    for (let conversation = 0; conversation < conversations; conversation++) {
      const skill = easy + ((hard - easy) * chance.integer(0, subjects - 1)) / (subjects - 1);
      const count = chance.integer(1, requestsMax);
      const own = Array.from({ length: count }, () => chance.happens(skill)).filter(Boolean).length;
      right += own;
      answers += count;
      squares += (own - rightShare(variant) * count) ** 2;
    }
    // Four standard errors of a share, and about as many of a variance.
    expect(Math.abs(right / answers - rightShare(variant))).toBeLessThan(0.004);
    const drawn = squares / conversations / (answers / conversations) ** 2;
    expect(drawn / conversationVariance(variant, { subjects, requestsMax })).toBeCloseTo(1, 1);
  }
});
