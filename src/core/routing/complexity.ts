import type { Characteristics } from "./characteristics/characteristics.ts";
import type { RequestFacts } from "./request-facts.ts";

/** What makes a request hard, and how much of it each adds, 0 to 1. */
export type ComplexityWeights = Readonly<Record<ComplexityPart, number>>;

/** Parts of the score. */
export const complexityParts = [
  "length",
  "code",
  "maths",
  "question",
  "turns",
  "tools",
  "schema",
  "media",
] as const;

/** One of them. */
export type ComplexityPart = (typeof complexityParts)[number];

/** The usual weights: our own judgement, to be looked at and changed. They sum to more than 1, the score ends there. */
export const complexityWeightsDefault: ComplexityWeights = {
  length: 0.3,
  code: 0.25,
  maths: 0.25,
  question: 0.2,
  turns: 0.1,
  tools: 0.15,
  schema: 0.05,
  media: 0.1,
};

/** Prompt tokens at which length counts in full: from 64 on it grows with each doubling. */
const longestTokens = 32_768;
const shortestTokens = 64;
/** Turns at which they count in full. */
const turnsFull = 20;

/** How hard each kind of question is, 0 to 1. */
const questionHardness: Readonly<Record<Characteristics["question"], number>> = {
  classify: 0,
  "yes-no": 0.1,
  fact: 0.1,
  statement: 0.2,
  translate: 0.3,
  extract: 0.3,
  rewrite: 0.4,
  summarise: 0.4,
  instruction: 0.6,
  "how-to": 0.6,
  compare: 0.8,
  create: 0.8,
  why: 0.9,
};

/** What each part adds to a request's score, weights applied. */
export function complexityOf(
  facts: RequestFacts,
  looks: Characteristics,
  weights: ComplexityWeights = complexityWeightsDefault,
): Readonly<Record<ComplexityPart, number>> {
  return {
    length: weights.length * lengthOf(facts.inputTokens),
    code: looks.code ? weights.code : 0,
    maths: looks.maths ? weights.maths : 0,
    question: weights.question * questionHardness[looks.question],
    turns: weights.turns * Math.min(1, facts.turns / turnsFull),
    tools: facts.hasTools ? weights.tools : 0,
    schema: facts.hasSchema ? weights.schema : 0,
    media: facts.mediaKinds.size > 0 ? weights.media : 0,
  };
}

/** The score, 0 (plain) to 1 (hard): the sum of its parts. */
export function complexityScore(parts: Readonly<Record<ComplexityPart, number>>): number {
  return Math.min(
    1,
    complexityParts.reduce((sum, part) => sum + parts[part], 0),
  );
}

function lengthOf(tokens: number): number {
  const doublings = Math.log2(Math.max(tokens, shortestTokens) / shortestTokens);
  return Math.min(1, doublings / Math.log2(longestTokens / shortestTokens));
}
