import { drawsItself } from "./draw-from.ts";
import { drawMixture, mixture, variantsOf, type WeightedPart } from "./parts.ts";
import { sharesSchema, sharesText } from "./shares.ts";
import { single } from "./single.ts";
import type { Probabilities, Strategy, StrategyInput, StrategyKind } from "./strategy.ts";

/** Each variant with its share (>= 0, made to sum to 1). */
export function weighted(shares: Readonly<Record<string, number>>): Strategy {
  return weightedParts(Object.entries(shares).map(([name, weight]) => ({ part: single(name), weight })));
}

/**
 * Each part with its share. When some cannot serve, the others keep their relation:
 * p(part) = share(part) / sum of the shares of those that can.
 */
function weightedParts(shares: readonly WeightedPart[]): Strategy {
  const parts = shares.map(({ part }) => part);
  const whole = parts.every(({ parts: inner }) => inner.length === 0)
    ? probabilitiesOfAll(shares)
    : undefined;
  return {
    keyword: "weighted",
    settings: sharesText(shares),
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => (whole && allIn(whole, input) ? whole : mixture(shares, input)),
    ...(drawsItself(parts) && {
      draw: (input: StrategyInput, unit: number) => drawMixture(shares, input, unit),
    }),
  };
}

/** As a rule every variant can serve: what holds then is made once. */
function probabilitiesOfAll(shares: readonly WeightedPart[]): Probabilities {
  const counted = shares.filter(({ weight }) => weight > 0);
  const sum = counted.reduce((total, { weight }) => total + weight, 0);
  const probabilities = new Map<string, number>();
  for (const { part, weight } of counted) {
    for (const name of part.variants) probabilities.set(name, (probabilities.get(name) ?? 0) + weight / sum);
  }
  return probabilities;
}

function allIn(probabilities: Probabilities, { eligible }: StrategyInput): boolean {
  for (const name of probabilities.keys()) if (!eligible.has(name)) return false;
  return true;
}

/** `weighted: { support-flash: 80%, support-lite: 20% }` */
export const weightedKind: StrategyKind = {
  keyword: "weighted",
  schema: (target) =>
    sharesSchema(target)
      .meta({
        description:
          "A share of the requests for each variant; the shares sum to 100%. As a list, a share can go to a strategy.",
        examples: [{ "support-flash": "80%", "support-lite": "20%" }],
      })
      .transform(weightedParts),
};
