import { z } from "zod";
import { isList, type Json } from "#core/kernel/json.ts";
import { referenceKeys, referenceOf } from "#core/scoring/reference.ts";
import { unscored, verdict } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { writtenNumbers, type WrittenNumber } from "./written-numbers.ts";

const tolerance = z.number().min(0);

/** `numeric`: whether the answer's number is the reference's. */
export const numericConfig = z.strictObject({
  kind: z.literal("numeric"),
  ...referenceKeys,
  take: z
    .enum(["final", "last", "first", "only"])
    .default("final")
    .meta({
      description:
        "Which number of the answer counts: what stands behind the last #### or in the last \\boxed{}, otherwise the last; the last; the first; or the only one.",
      examples: ["final"],
    }),
  absolute_tolerance: tolerance
    .default(0)
    .meta({ description: "How far off the answer may be, in its unit.", examples: [0.01] }),
  relative_tolerance: tolerance
    .default(1e-9)
    .meta({ description: "How far off it may be, as a share of the reference.", examples: [0.001] }),
  percent: z
    .enum(["number", "share"])
    .default("number")
    .meta({ description: "What 12 % is: 12, or 0.12.", examples: ["share"] }),
});

type NumericConfig = z.infer<typeof numericConfig>;

/** The tolerances are not added up: the larger one counts. */
export function numericScorer(config: NumericConfig): Scorer {
  return ({ text, fields }) => {
    const reference = referenceOf(config, fields);
    if (!reference.ok) return reference.error;
    const wanted = numbersOf(reference.value, config);
    if (!wanted) {
      const message = `A number is wanted as the reference in "${config.reference}", none can be read there`;
      return unscored("reference-invalid", message);
    }
    const number = numberIn(text, config);
    if (number === undefined) return verdict(false, "No number can be read in the answer");
    return verdict(wanted.some((value) => isNear(number, value, config)));
  };
}

function isNear(number: number, wanted: number, config: NumericConfig): boolean {
  const { absolute_tolerance: absolute, relative_tolerance: relative } = config;
  return number === wanted || Math.abs(number - wanted) <= Math.max(absolute, relative * Math.abs(wanted));
}

/** The numbers that a reference gives, of which each is right; undefined where one of them is none. */
function numbersOf(reference: Json, config: NumericConfig): readonly number[] | undefined {
  const items = isList(reference) ? reference : [reference];
  const numbers = items.map((item) => {
    if (typeof item === "number") return item;
    return typeof item === "string" ? numberIn(item, { ...config, take: "final" }) : undefined;
  });
  const known = numbers.filter((number) => number !== undefined);
  return known.length > 0 && known.length === numbers.length ? known : undefined;
}

function numberIn(text: string, { take, percent }: NumericConfig): number | undefined {
  const taken = takenOf(text, take);
  if (!taken) return undefined;
  return taken.isPercent && percent === "share" ? taken.value / 100 : taken.value;
}

function takenOf(text: string, take: NumericConfig["take"]): WrittenNumber | undefined {
  if (take === "final") {
    const [marked] = writtenNumbers(markedPart(text) ?? "");
    if (marked) return marked;
  }
  const numbers = writtenNumbers(text);
  if (take === "first") return numbers[0];
  return take === "only" && numbers.length !== 1 ? undefined : numbers.at(-1);
}

/** What an answer itself marks as its end: as GSM8K's answers do by ####, and solutions in TeX by \boxed. */
function markedPart(text: string): string | undefined {
  const sharps = text.lastIndexOf("####");
  if (sharps !== -1) return text.slice(sharps + 4);
  const box = text.lastIndexOf("\\boxed{");
  return box === -1 ? undefined : text.slice(box + "\\boxed{".length);
}
