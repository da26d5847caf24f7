import { z } from "zod";
import { share, shareText } from "#core/kernel/share.ts";
import type { Json } from "#core/kernel/json.ts";
import { variantName } from "#core/routing/variant-name.ts";
import { settingsOf, type WeightedPart } from "./parts.ts";
import { single } from "./single.ts";
import type { StrategySchema } from "./strategy.ts";

/** How far the shares may be from 100% together: rounding as in 33.3% + 33.3% + 33.3%. */
const roundingMax = 0.002;
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
      const sum = parts.reduce((total, { weight }) => total + weight, 0);
      if (Math.abs(sum - 1) <= roundingMax) return;
      context.addIssue({
        code: "custom",
        message: "shares that sum to 100%",
        params: { actual: `a sum of ${shareText(sum)}` },
      });
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
