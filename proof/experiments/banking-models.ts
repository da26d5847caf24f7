import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { AnswerKeys } from "#emulator/answers/known-answers.ts";

/** A question of a bank's customer, and what it is about. */
export interface BankingQuestion {
  readonly text: string;
  readonly category: string;
}

/** The questions of Banking77 by what they are about, the easiest subject first. */
export interface BankingQuestions {
  readonly categories: readonly (readonly BankingQuestion[])[];
  readonly keys: AnswerKeys;
}

/** The chance of the right label on the easiest subject and on the hardest; on those between, on the line between. */
interface BankingSkill {
  readonly model: string;
  readonly easy: number;
  readonly hard: number;
}

/**
 * The variants of the experiments: one as good as the control on the whole, though not on each subject, and one that is better.
 * Subjects are asked about equally often, so that a model's skill over all is that in the middle of its line.
 */
export const bankingSkills = {
  control: { model: "gemini-3.5-flash-lite", easy: 0.98, hard: 0.62 },
  equal: { model: "gemini-3-flash-preview", easy: 0.9, hard: 0.7 },
  better: { model: "gemini-3.8-flash", easy: 1, hard: 0.68 },
} as const satisfies Readonly<Record<string, BankingSkill>>;

/** A variant of the experiments. */
export type BankingVariant = keyof typeof bankingSkills;

/** All of them, the control first. */
export const bankingVariants = ["control", "equal", "better"] as const satisfies readonly BankingVariant[];

/** The variants that the control is compared with. */
export const bankingTreatments = ["equal", "better"] as const satisfies readonly BankingVariant[];

/** The share of answers that a variant gets right, over all subjects. */
export function rightShare(variant: BankingVariant): number {
  const { easy, hard } = bankingSkills[variant];
  return (easy + hard) / 2;
}

/** How much better than the control a variant is, in truth. */
export function trueDifference(variant: BankingVariant): number {
  return rightShare(variant) - rightShare("control");
}

/**
 * The variance of the share of right answers of one conversation, as planning takes it: of (right - R n) / mean n by the delta
 * method, for conversations of one subject with n requests, each n from 1 to `requestsMax` as likely.
 */
export function conversationVariance(
  variant: BankingVariant,
  { subjects, requestsMax }: { readonly subjects: number; readonly requestsMax: number },
): number {
  const overall = rightShare(variant);
  const chances = Array.from({ length: subjects }, (_, subject) => chanceAt(variant, subject, subjects));
  const within = mean(chances.map((chance) => chance * (1 - chance)));
  const between = mean(chances.map((chance) => (chance - overall) ** 2));
  const counts = Array.from({ length: requestsMax }, (_, place) => place + 1);
  const [count, squared] = [mean(counts), mean(counts.map((number) => number * number))];
  return (count * within + squared * between) / (count * count);
}

function chanceAt(variant: BankingVariant, subject: number, subjects: number): number {
  const { easy, hard } = bankingSkills[variant];
  return easy + (hard - easy) * difficultyOf(subject, subjects);
}

/** Subjects lie evenly from 0 to 1. */
function difficultyOf(subject: number, subjects: number): number {
  return subject / (subjects - 1);
}

const rows = z.array(z.object({ text: z.string(), category: z.string() }));

/** Reads the questions, with what the variants' models know of them. */
export function loadBankingQuestions(): BankingQuestions {
  const file = new URL("../../test/data/banking77/questions.csv", import.meta.url);
  const questions = rows.parse(parse(readFileSync(file), { columns: true }));
  const categories = [...Map.groupBy(questions, ({ category }) => category).values()];
  return {
    categories,
    keys: {
      questions: categories.flatMap((of, subject) =>
        of.map(({ text, category }) => ({
          question: text,
          answer: category,
          difficulty: difficultyOf(subject, categories.length),
        })),
      ),
      choices: categories.flatMap(([first]) => (first ? [first.category] : [])),
      skills: Object.fromEntries(
        Object.values(bankingSkills).map(({ model, easy, hard }) => [model, { easy, hard }]),
      ),
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
