import { isWorse } from "#core/experiments/comparisons/judgement.ts";

/** One variant is no worse than another in any metric, and better in one: surely, or by the values alone. */
export interface Dominance {
  readonly better: string;
  readonly worse: string;
  /**
   * Whether each of its differences is better and no chance, at the plan's level for all pairs of variants together (Bonferroni;
   * of one pair all metrics have to be, so that they need no correction: Berger 1982, Technometrics 24(4)).
   */
  readonly isSure: boolean;
}

/**
 * How a variant stands among others.
 * - `front`: by the values, no variant is as good in all and better in one
 * - `perhaps-dominated`: one is by the values, and it may be chance; `dominated`: one surely is
 * - `unknown`: it has no value of some metric
 */
export type Standing = "front" | "perhaps-dominated" | "dominated" | "unknown";

/** Variants with a value of every metric, in the order of the metrics. */
export interface Placed {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * Which variant is at least as good as which other in every metric, and better in one.
 * @param isSurelyBetter whether the first is better than the second in a metric, at this level, and no chance
 */
export function dominancesOf(
  placed: readonly Placed[],
  betterWays: readonly ("higher" | "lower")[],
  {
    alpha,
    isSurelyBetter,
  }: {
    readonly alpha: number;
    readonly isSurelyBetter: (
      names: { readonly better: string; readonly worse: string },
      metric: number,
      alpha: number,
    ) => boolean;
  },
): readonly Dominance[] {
  const level = alpha / Math.max(1, (placed.length * (placed.length - 1)) / 2);
  return placed.flatMap((one) =>
    placed.flatMap((other): readonly Dominance[] => {
      if (one === other || !dominates(betterWays, one, other)) return [];
      const names = { better: one.name, worse: other.name };
      return [{ ...names, isSure: betterWays.every((_, metric) => isSurelyBetter(names, metric, level)) }];
    }),
  );
}

/** By whom a variant that has all values is behind. */
export function standingOf(name: string, dominances: readonly Dominance[]): Exclude<Standing, "unknown"> {
  const over = dominances.filter(({ worse }) => worse === name);
  if (over.some(({ isSure }) => isSure)) return "dominated";
  return over.length > 0 ? "perhaps-dominated" : "front";
}

/** By the values: no worse in any, better in one. */
function dominates(
  betterWays: readonly ("higher" | "lower")[],
  { values }: Placed,
  { values: others }: Placed,
): boolean {
  const changes = betterWays.map((better, metric) => {
    const change = (values[metric] ?? 0) - (others[metric] ?? 0);
    return { change, isWorse: isWorse(change, better) };
  });
  return changes.some(({ change }) => change !== 0) && !changes.some((one) => one.isWorse);
}
