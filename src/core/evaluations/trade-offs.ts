import {
  dominancesOf,
  standingOf,
  type Dominance,
  type Standing,
} from "#core/experiments/trade-offs/dominance.ts";
import { isWorse } from "#core/experiments/comparisons/judgement.ts";
import { present } from "#core/kernel/present.ts";
import { metricComparison, type ComparedMetric } from "./comparison.ts";
import { meanOfItems, type RunEstimate } from "./estimates.ts";
import { itemValues } from "./item-values.ts";
import { comparedMetrics } from "./run-comparison.ts";
import type { RunTable } from "./run-table.ts";

/** Targets of a run by quality, cost and latency at once. */
export interface RunTradeOffs {
  readonly metrics: readonly { readonly name: string; readonly better: "higher" | "lower" }[];
  readonly points: readonly TargetPoint[];
  readonly dominances: readonly Dominance[];
}

/** Where one target is; `variant` as in charts of experiments. */
export interface TargetPoint {
  readonly variant: string;
  readonly standing: Standing;
  readonly values: readonly Partial<Pick<RunEstimate, "value" | "interval">>[];
}

/**
 * Targets by a scorer, the mean cost and the mean latency of an item, as far as any target has them; undefined for one target,
 * and where fewer than two metrics are there. A target is surely behind another where each difference, on the items that
 * both answered, is worse and no chance.
 */
export function runTradeOffs(
  table: RunTable,
  { scorer, alpha }: { readonly scorer: string; readonly alpha: number },
): RunTradeOffs | undefined {
  const targets = table.targets;
  const metrics = weighedMetrics(table, scorer).filter(({ metric }) =>
    targets.some((target) => itemValues(table, { target, metric }).places.length > 0),
  );
  if (targets.length < 2 || metrics.length < 2) return undefined;
  const values = new Map(
    targets.map((target) => [
      target,
      metrics.map(({ metric }) => meanOfItems(table.items, itemValues(table, { target, metric }), alpha)),
    ]),
  );
  const placed = targets.flatMap((name) => {
    const known = (values.get(name) ?? []).flatMap((estimate) => estimate?.value ?? []);
    return known.length === metrics.length ? [{ name, values: known }] : [];
  });
  const dominances = dominancesOf(
    placed,
    metrics.map(({ better }) => better),
    {
      alpha,
      isSurelyBetter: ({ better, worse }, place, level) =>
        isSurelyBetter(table, { metric: metrics[place], better, worse, alpha: level }),
    },
  );
  const points = targets.map((variant): TargetPoint => ({
    variant,
    standing: placed.some(({ name }) => name === variant) ? standingOf(variant, dominances) : "unknown",
    values: (values.get(variant) ?? []).map((estimate) =>
      present({ value: estimate?.value, interval: estimate?.interval }),
    ),
  }));
  return { metrics: metrics.map(({ name, better }) => ({ name, better })), points, dominances };
}

type WeighedMetric = ComparedMetric & { readonly better: "higher" | "lower" };

function weighedMetrics(table: RunTable, scorer: string): readonly WeighedMetric[] {
  const [target = ""] = table.targets;
  const side = { table, target };
  return comparedMetrics({ baseline: side, candidate: side }).flatMap((one) => {
    const isWeighed = one.name === scorer || one.name === "cost_usd" || one.name === "latency_ms";
    return isWeighed && one.better !== undefined ? [{ ...one, better: one.better }] : [];
  });
}

function isSurelyBetter(
  table: RunTable,
  {
    metric,
    better,
    worse,
    alpha,
  }: {
    readonly metric: WeighedMetric | undefined;
    readonly better: string;
    readonly worse: string;
    readonly alpha: number;
  },
): boolean {
  if (!metric) return false;
  const sides = { baseline: { table, target: worse }, candidate: { table, target: better } };
  // Without a bootstrap there is nothing to draw.
  const terms = { alpha, errors: "left-out", resamples: 0, unit: () => 0 } as const;
  const { tested } = metricComparison(sides, metric, terms);
  return tested.ok && tested.value.pValue <= alpha && !isWorse(tested.value.difference, metric.better);
}
