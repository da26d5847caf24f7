import { z } from "zod";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { unscored, type Score, type Unscored } from "./score.ts";
import type { ScoredAnswer } from "./scored-answer.ts";
import type { Scorer } from "./scorer.ts";

/** The keys by which a scorer is told what to compare an answer with. */
export const referenceKeys = {
  reference: z
    .string()
    .min(1)
    .default("reference")
    .meta({
      description: "The field of the item that holds the reference; dots lead into objects.",
      examples: ["answer"],
    }),
  expected: z
    .json()
    .optional()
    .meta({
      description: "The reference itself, the same for every item; `reference` is not looked at then.",
      examples: ["Paris"],
    }),
};

/** What to compare with, as configured. */
export interface ReferenceConfig {
  readonly reference: string;
  readonly expected?: Json | undefined;
}

/** What an answer is compared with; unscored where its item has no such field, or null there. */
export function referenceOf(config: ReferenceConfig, fields: JsonObject): Result<Json, Unscored> {
  const value = config.expected ?? fieldAt(fields, config.reference);
  if (value !== undefined && value !== null) return ok(value);
  const message = `A field "${config.reference}" is wanted as the reference, the item has none`;
  return failed(unscored("reference-missing", message));
}

/** The same as texts: one, or several of which each is right. Numbers and truth values count as they are written. */
export function referenceTexts(
  config: ReferenceConfig,
  fields: JsonObject,
): Result<readonly string[], Unscored> {
  const found = referenceOf(config, fields);
  if (!found.ok) return found;
  const texts = textsOf(found.value);
  if (texts) return ok(texts);
  const message = `A text or a list of texts is wanted as the reference in "${config.reference}", another value is there`;
  return failed(unscored("reference-invalid", message));
}

/** A value as texts; undefined where it is neither one nor a list of some. */
export function textsOf(value: Json): readonly string[] | undefined {
  const texts = (isList(value) ? value : [value]).map((item) =>
    typeof item === "object" ? undefined : String(item),
  );
  const known = texts.filter((text) => text !== undefined);
  return known.length > 0 && known.length === texts.length ? known : undefined;
}

/** A scorer that compares the answer's text with a reference; of several references the one that it does best by counts. */
export function againstTexts(
  config: ReferenceConfig,
  compare: (answer: string, reference: string) => Score,
): Scorer {
  return ({ text, fields }: ScoredAnswer) => {
    const references = referenceTexts(config, fields);
    if (!references.ok) return references.error;
    const scores = references.value.map((reference) => compare(text, reference));
    return scores.reduce((best, score) => (valueOf(score) > valueOf(best) ? score : best));
  };
}

function valueOf(score: Score): number {
  return score.kind === "scored" ? score.value : Number.NEGATIVE_INFINITY;
}

/** A field by its name, or by the names on the way to it with dots between. */
export function fieldAt(fields: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  let value: Json | undefined = fields;
  for (const step of name.split(".")) {
    if (!isJsonObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}
