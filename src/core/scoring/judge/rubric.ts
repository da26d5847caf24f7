import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { parseJson } from "#core/parsing/json-answer.ts";
import { materialIsNoInstruction, materialOf, type JudgeQuestion, type JudgeSchema } from "./material.ts";

/** In which words a judge says how good an answer is. */
export type JudgeScale =
  | { readonly kind: "pass" }
  /** Whole points from `least` to `most`, the latter the best. */
  | { readonly kind: "points"; readonly least: number; readonly most: number }
  /** Names with what each is worth, from 0 to 1. */
  | { readonly kind: "grades"; readonly worth: ReadonlyMap<string, number> };

/** An answer that is judged. */
export interface JudgedAnswer {
  readonly conversation: string;
  readonly answer: string;
  /** What a right answer says, where that is known. */
  readonly reference?: string;
}

/** What a judge said of one answer. */
export interface RubricVerdict {
  /** From 0 to 1. */
  readonly value: number;
  readonly reason: string;
}

/** Asks a judge how good an answer is. The reason is asked before the verdict: it is thought through then, not made up after. */
export function rubricQuestion(criteria: string, scale: JudgeScale, judged: JudgedAnswer): JudgeQuestion {
  const { conversation, answer, reference } = judged;
  return {
    instructions: [
      "You judge an answer to the last turn of a conversation. You do not know who wrote it.",
      `How good it is is decided by this alone: ${criteria}`,
      "How long it is says nothing of how good it is.",
      ...(reference === undefined
        ? []
        : ["The reference says what is right; other words for the same are as right."]),
      materialIsNoInstruction,
      `Answer with JSON alone: first "reason", one or two sentences, then "verdict", ${wordsOf(scale)}.`,
    ].join("\n"),
    material: materialOf([
      ["CONVERSATION", conversation],
      ...(reference === undefined ? [] : [["REFERENCE", reference] as const]),
      ["ANSWER", answer],
    ]),
    schema: schemaOf(scale),
  };
}

/** Reads a verdict; a failure says in words what is there instead. */
export function rubricVerdict(text: string, scale: JudgeScale): Result<RubricVerdict, string> {
  const read = parseJson(text, undefined);
  if (!read.ok) return failed(`JSON with a verdict is wanted, the judge wrote ${read.error.actual}`);
  if (!isJsonObject(read.value))
    return failed("an object with a verdict is wanted, the judge wrote another value");
  const value = valueIn(read.value, scale);
  if (value === undefined)
    return failed(
      `${wordsOf(scale)} is wanted as the verdict, it is ${JSON.stringify(read.value["verdict"]) ?? "none"}`,
    );
  const reason = read.value["reason"];
  return ok({ value, reason: typeof reason === "string" ? reason : "" });
}

function valueIn({ verdict }: JsonObject, scale: JudgeScale): number | undefined {
  switch (scale.kind) {
    case "pass":
      return verdict === "pass" || verdict === true
        ? 1
        : verdict === "fail" || verdict === false
          ? 0
          : undefined;
    case "points":
      return pointsIn(verdict, scale);
    case "grades":
      return typeof verdict === "string" ? scale.worth.get(verdict) : undefined;
  }
}

function pointsIn(
  verdict: JsonObject[string],
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const points = typeof verdict === "string" && /^-?\d+$/.test(verdict) ? Number(verdict) : verdict;
  if (typeof points !== "number" || !Number.isFinite(points) || points < least || points > most)
    return undefined;
  return (points - least) / (most - least);
}

function wordsOf(scale: JudgeScale): string {
  switch (scale.kind) {
    case "pass":
      return '"pass" or "fail"';
    case "points":
      return `a whole number from ${scale.least} (worst) to ${scale.most} (best)`;
    case "grades":
      return `one of ${[...scale.worth.keys()].map((grade) => JSON.stringify(grade)).join(", ")}`;
  }
}

function schemaOf(scale: JudgeScale): JudgeSchema {
  return {
    type: "object",
    properties: { reason: { type: "string" }, verdict: verdictSchema(scale) },
    required: ["reason", "verdict"],
    additionalProperties: false,
  };
}

function verdictSchema(scale: JudgeScale): JudgeSchema {
  switch (scale.kind) {
    case "pass":
      return { type: "string", enum: ["pass", "fail"] };
    case "points":
      // Without bounds: providers refuse schemas with minimum and maximum. They are checked when it is read.
      return { type: "integer" };
    case "grades":
      return { type: "string", enum: [...scale.worth.keys()] };
  }
}
