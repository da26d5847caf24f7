import { z } from "zod";
import type { Json } from "#core/kernel/json.ts";
import { drawFrom } from "./draw-from.ts";
import type { Probabilities, Strategy, StrategyInput, StrategySchema } from "./strategy.ts";

/** Most parts of one strategy: more would not be looked through by a person, and each costs every decision. */
const partsMax = 50;

/** A part of a strategy with its weight, > 0, relative to the others. */
export interface WeightedPart {
  readonly part: Strategy;
  readonly weight: number;
}

/** The variants of all parts, each once. */
export function variantsOf(parts: readonly Strategy[]): readonly string[] {
  return [...new Set(parts.flatMap(({ variants }) => variants))];
}

/** A part as it is written: its variant's name alone, or its word with its settings. */
export function settingsOf({ keyword, settings, parts }: Strategy): Json {
  return keyword === "use" && parts.length === 0 ? settings : { [keyword]: settings };
}

/** Whether a part can choose any of the eligible variants. */
export function canServe(part: Strategy, input: StrategyInput): boolean {
  const [only] = part.variants;
  if (part.parts.length === 0 && only !== undefined) return input.eligible.has(only);
  return part.probabilities(input).size > 0;
}

/** The probabilities of a mixture: those of each part that can serve, times its share among those that can. */
export function mixture(parts: readonly WeightedPart[], input: StrategyInput): Probabilities {
  const able: { weight: number; probabilities: Probabilities }[] = [];
  let sum = 0;
  for (const { part, weight } of parts) {
    const probabilities = weight > 0 ? part.probabilities(input) : undefined;
    if (!probabilities || probabilities.size === 0) continue;
    able.push({ weight, probabilities });
    sum += weight;
  }
  const mixed = new Map<string, number>();
  for (const { weight, probabilities } of able) {
    for (const [variant, probability] of probabilities) {
      mixed.set(variant, (mixed.get(variant) ?? 0) + (probability * weight) / sum);
    }
  }
  return mixed;
}

/** Draws from a mixture: the part that the number falls on, then from it with what the number is within its piece. */
export function drawMixture(
  parts: readonly WeightedPart[],
  input: StrategyInput,
  unit: number,
): string | undefined {
  const able = parts.filter(({ part, weight }) => weight > 0 && canServe(part, input));
  let left = unit * able.reduce((total, { weight }) => total + weight, 0);
  for (const [index, { part, weight }] of able.entries()) {
    if (left < weight || index === able.length - 1) {
      return drawFrom(part, input, Math.min(left / weight, 1 - Number.EPSILON));
    }
    left -= weight;
  }
  return undefined;
}

/** Reads what a strategy chooses from: `[support-flash, { weighted: ... }]`. */
export function partsSchema(target: StrategySchema): z.ZodType<readonly Strategy[]> {
  return z
    .array(target, { error: "a list of variants such as [support-flash, support-lite]" })
    .min(1, { error: "at least one variant" })
    .max(partsMax)
    .refine((parts) => new Set(parts.map((part) => JSON.stringify(settingsOf(part)))).size === parts.length, {
      error: "each variant once",
    });
}
