import { z } from "zod";
import { share, shareText, sumProblem } from "#core/kernel/share.ts";
import type { Json } from "#core/kernel/json.ts";
import { variantName } from "#core/routing/variant-name.ts";
import { settingsOf, type WeightedPart } from "./parts.ts";
import { single } from "./single.ts";
import type { StrategySchema } from "./strategy.ts";

/** Most parts that shares are given to. */
const sharedMax = 50;

const wanted = "shares of variants such as { support-flash: 80%, support-lite: 20% }";

/** Reads shares: `{ a: 80%, b: 20% }`, or where one is a strategy `[{ share: 80%, use: a }, { share: 20%, use: ... }]`. */
export function sharesSchema(target: StrategySchema): z.ZodType<readonly WeightedPart[]> {
  const byName = z
    .record(variantName, share, { error: wanted })
    .transform((shares) => Object.entries(shares).map(([name, weight]) => ({ part: single(name), weight })));
  const entry = z
    .strictObject({ share, use: target })
    .transform(({ share: weight, use: part }) => ({ part, weight }));
  return z
    .union([byName, z.array(entry, { error: wanted }).min(1).max(sharedMax)], { error: wanted })
    .superRefine((parts, context) => {
      const problem = sumProblem(parts.map(({ weight }) => weight));
      if (problem) context.addIssue(problem);
    });
}

/** Shares as they are written. */
export function sharesText(parts: readonly WeightedPart[]): Json {
  if (parts.every(({ part }) => part.parts.length === 0)) {
    return Object.fromEntries(
      parts.flatMap(({ part, weight }) => part.variants.map((name) => [name, shareText(weight)])),
    );
  }
  return parts.map(({ part, weight }) => ({ share: shareText(weight), use: settingsOf(part) }));
}
