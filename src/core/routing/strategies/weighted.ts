import { z } from "zod";
import { share, shareText } from "#core/kernel/share.ts";
import { variantName } from "#core/routing/variant-name.ts";
import type { Strategy, StrategyKind } from "./strategy.ts";

/** How far the shares may be from 100% together: rounding as in 33.3% + 33.3% + 33.3%. */
const roundingMax = 0.002;

/**
 * Each variant with its share (>= 0, made to sum to 1). When some are not eligible, the others keep their relation:
 * p(v) = share(v) / sum of the eligible shares.
 */
export function weighted(shares: Readonly<Record<string, number>>): Strategy {
  const entries = Object.entries(shares);
  return {
    keyword: "weighted",
    settings: Object.fromEntries(entries.map(([variant, value]) => [variant, shareText(value)])),
    variants: entries.map(([variant]) => variant),
    probabilities(_facts, eligible) {
      const left = entries.filter(([variant, value]) => value > 0 && eligible.has(variant));
      const sum = left.reduce((total, [, value]) => total + value, 0);
      return new Map(left.map(([variant, value]) => [variant, value / sum]));
    },
  };
}

/** `weighted: { support-flash: 80%, support-lite: 20% }` */
export const weightedKind: StrategyKind = {
  keyword: "weighted",
  schema: z
    .record(variantName, share, {
      error: "shares of variants such as { support-flash: 80%, support-lite: 20% }",
    })
    .superRefine((shares, context) => {
      const sum = Object.values(shares).reduce((total, value) => total + value, 0);
      if (Math.abs(sum - 1) <= roundingMax) return;
      context.addIssue({
        code: "custom",
        message: "shares that sum to 100%",
        params: { actual: `a sum of ${shareText(sum)}` },
      });
    })
    .meta({
      description: "A share of the requests for each variant; the shares sum to 100%.",
      examples: [{ "support-flash": "80%", "support-lite": "20%" }],
    })
    .transform(weighted),
};
