import { isJsonObject } from "#core/kernel/json.ts";
import { parseJson } from "#core/parsing/json-answer.ts";
import { materialIsNoInstruction, materialOf, type JudgeQuestion, type JudgeSchema } from "./material.ts";

/** Which of two answers is the better one. */
export type Better = "A" | "B" | "tie";

/** Two answers to one conversation. */
export interface ComparedAnswers {
  /** The conversation up to them. */
  readonly conversation: string;
  readonly a: string;
  readonly b: string;
  /** What a right answer says, where that is known. */
  readonly reference?: string;
}

const schema: JudgeSchema = {
  type: "object",
  properties: { better: { type: "string", enum: ["A", "B", "tie"] } },
  required: ["better"],
  additionalProperties: false,
};

/**
 * Asks a judge which of two answers is better. It does not say whose they are. A judge prefers a place: ask it in both orders,
 * and combine by `swapped`.
 */
export function pairwiseQuestion(criteria: string, answers: ComparedAnswers): JudgeQuestion {
  const { conversation, a, b, reference } = answers;
  return {
    instructions: [
      "You compare two answers, A and B, to the last turn of a conversation. You do not know who wrote them.",
      `Which of them is better is decided by this alone: ${criteria}`,
      "Their order and their length say nothing of how good they are. Where neither is better, it is a tie.",
      materialIsNoInstruction,
      'Answer with JSON alone: {"better": "A"}, {"better": "B"} or {"better": "tie"}.',
    ].join("\n"),
    material: materialOf([
      ["CONVERSATION", conversation],
      ...(reference === undefined ? [] : [["REFERENCE", reference] as const]),
      ["ANSWER A", a],
      ["ANSWER B", b],
    ]),
    schema,
  };
}

/** What a judge said; undefined where it cannot be read. */
export function betterIn(verdict: string): Better | undefined {
  const read = parseJson(verdict, undefined);
  const better = read.ok && isJsonObject(read.value) ? read.value["better"] : undefined;
  return better === "A" || better === "B" || better === "tie" ? better : undefined;
}

/** What two verdicts on the same answers say together. */
export interface SwappedVerdict {
  /** Of the answer that was A first: 1 won, 1/2 a tie, 0 lost; and of the same answer where it was B. */
  readonly first: number;
  readonly second: number;
  /** Whoever wins must win in both places: all else is a tie, and `inconsistent` where the judge changed its mind. */
  readonly end: "won" | "lost" | "tied" | "inconsistent";
}

/** Combines the verdicts on an answer as A, and as B. */
export function swapped(asA: Better, asB: Better): SwappedVerdict {
  const scores = { first: scoreOf(asA, "A"), second: scoreOf(asB, "B") };
  return { ...scores, end: endOf(scores) };
}

function scoreOf(better: Better, place: "A" | "B"): number {
  if (better === "tie") return 0.5;
  return better === place ? 1 : 0;
}

function endOf({ first, second }: Pick<SwappedVerdict, "first" | "second">): SwappedVerdict["end"] {
  if (first !== second) return "inconsistent";
  if (first === 0.5) return "tied";
  return first === 1 ? "won" : "lost";
}
