import { digest, randomFrom, type Random } from "../random.ts";
import { judgedMaterial, type JudgedMaterial } from "./judged-material.ts";
import type { KnownQuestion, QuestionFinder } from "./known-questions.ts";
import { recordedReward } from "./recorded-answers.ts";

/** How well an emulated judge judges. Each number is a probability. */
export interface JudgeSkill {
  /** Of the verdict that the truth wants: of any answer, or of right and of wrong ones. */
  readonly accuracy: number | { readonly right: number; readonly wrong: number };
  /** Of preferring the first of two answers, whatever they say; 0 where nothing is written. */
  readonly first?: number;
  /** Of preferring the longer of two answers, whatever they say, unless it has preferred the first already; 0 by default. */
  readonly longer?: number;
}

/** What a judge found: in words, and how good from 0 to 1. */
export interface Verdict {
  readonly words: "A" | "B" | "tie" | "pass" | "fail";
  readonly worth: number;
}

/** Says what a model finds; undefined where it is no judge, or the prompt has nothing to judge of which the truth is known. */
export type Judge = (prompt: string, model: string) => Verdict | undefined;

/** What judges are made of. */
interface JudgeTerms {
  readonly seed: string;
  readonly skills: Readonly<Record<string, JudgeSkill>>;
  readonly questionIn: QuestionFinder;
}

/**
 * Judges of answers to known questions. Chance depends on the seed, the judge, the question and the answers alone, not on the
 * order of two answers: who errs, errs in both orders, and who prefers the first does so twice.
 */
export function createJudge({ seed, skills, questionIn }: JudgeTerms): Judge {
  return (prompt, model) => {
    const skill = Object.hasOwn(skills, model) ? skills[model] : undefined;
    const material = skill && judgedMaterial(prompt);
    if (!skill || !material) return undefined;
    const known = questionIn(material.conversation);
    const worthOf = (answer: string): number | undefined => recordedReward(answer) ?? worthBy(known, answer);
    const answers = material.kind === "one" ? [material.answer] : [material.a, material.b].toSorted();
    const random = randomFrom(
      digest(seed, "judge", model, known?.question ?? material.conversation, ...answers),
    );
    return material.kind === "one"
      ? rated(worthOf(material.answer), skill, random)
      : compared(material, { skill, random, worthOf });
  };
}

/** An answer is right where the right one stands in it as words of their own. */
function worthBy(known: KnownQuestion | undefined, answer: string): number | undefined {
  if (!known) return undefined;
  const words = known.answer.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])${words}(?![\p{L}\p{N}_])`, "u").test(answer) ? 1 : 0;
}

/** Recorded rewards are anything from 0 to 1: from the middle on an answer is a right one. */
const rightMin = 0.5;

function rated(worth: number | undefined, { accuracy }: JudgeSkill, random: Random): Verdict | undefined {
  if (worth === undefined) return undefined;
  const isRight = worth >= rightMin;
  const chance = typeof accuracy === "number" ? accuracy : isRight ? accuracy.right : accuracy.wrong;
  const isTrue = random.next() < chance;
  return { words: isRight === isTrue ? "pass" : "fail", worth: isTrue ? worth : 1 - worth };
}

function compared(
  { a, b }: Extract<JudgedMaterial, { readonly kind: "two" }>,
  { skill, random, worthOf }: ComparedTerms,
): Verdict | undefined {
  const [worthA, worthB] = [worthOf(a), worthOf(b)];
  if (worthA === undefined || worthB === undefined) return undefined;
  // All draws are made, whichever counts, so that a change of one number moves as few verdicts as can be.
  const [byPlace, byLength, byTruth, otherwise] = [
    random.next(),
    random.next(),
    random.next(),
    random.next(),
  ];
  if (byPlace < (skill.first ?? 0)) return verdictOf("A");
  if (byLength < (skill.longer ?? 0) && a.length !== b.length)
    return verdictOf(a.length > b.length ? "A" : "B");
  const isTrue = byTruth < meanAccuracy(skill);
  if (worthA === worthB) return verdictOf(isTrue ? "tie" : a < b === otherwise < 0.5 ? "A" : "B");
  return verdictOf(worthA > worthB === isTrue ? "A" : "B");
}

interface ComparedTerms {
  readonly skill: JudgeSkill;
  readonly random: Random;
  readonly worthOf: (answer: string) => number | undefined;
}

function meanAccuracy({ accuracy }: JudgeSkill): number {
  return typeof accuracy === "number" ? accuracy : (accuracy.right + accuracy.wrong) / 2;
}

function verdictOf(words: "A" | "B" | "tie"): Verdict {
  return { words, worth: { A: 1, tie: 0.5, B: 0 }[words] };
}
