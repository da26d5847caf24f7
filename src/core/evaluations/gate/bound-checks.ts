import { numberText } from "#core/experiments/comparisons/change-text.ts";
import type { Measure } from "#core/evaluations/answer-columns.ts";
import { meanOfItems, shareOfItems, type RunEstimate } from "#core/evaluations/estimates.ts";
import { itemValues } from "#core/evaluations/item-values.ts";
import { distributionOf } from "#core/evaluations/measured.ts";
import type { RunTable } from "#core/evaluations/run-table.ts";
import { scoreCounts } from "#core/evaluations/scorer-summary.ts";
import type { GateCheck, GatedRun } from "./gate-check.ts";
import type { GatedScorer, GateSettings } from "./gate-schema.ts";

/** A bound that somebody wrote. */
interface Bound {
  readonly target: string;
  readonly metric: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly judgedBy: "interval" | "value";
  /** The value with its interval at an error rate. */
  readonly estimate: (alpha: number) => RunEstimate | undefined;
}

/** Absolute bounds of scores and measures, those by interval at the gate's error rate for all of them together (Bonferroni). */
export function boundChecks(
  runs: readonly { readonly run: GatedRun; readonly targets: readonly string[] }[],
  gate: GateSettings,
): readonly GateCheck[] {
  const bounds = runs.flatMap(({ run, targets }) =>
    targets.flatMap((target) => boundsOf(run.table, target, gate).map((bound) => ({ run: run.name, bound }))),
  );
  const byInterval = bounds.filter(({ bound }) => bound.judgedBy === "interval").length;
  // A bound is broken on one side: an interval at twice the level has that level there.
  const alpha = Math.min(0.99, (2 * gate.alpha) / Math.max(1, byInterval));
  return bounds.map(({ run, bound }) => checked(run, bound, alpha));
}

function checked(
  run: string,
  { target, metric, min, max, judgedBy, estimate }: Bound,
  alpha: number,
): GateCheck {
  const known = { kind: "bound", run, target, metric } as const;
  const found = estimate(alpha);
  const wanted = [
    ...(min === undefined ? [] : [`at least ${numberText(min)}`]),
    ...(max === undefined ? [] : [`at most ${numberText(max)}`]),
  ].join(" and ");
  if (!found) return { ...known, status: "unknown", text: `No value, ${wanted} wanted` };
  const { value, interval = [value, value] } = found;
  const [lower, upper] = judgedBy === "value" ? [value, value] : interval;
  const isBroken = isBelow(upper, min) || isBelow(max, lower);
  const shown = `${numberText(value)} (${numberText(interval[0])} to ${numberText(interval[1])})`;
  return { ...known, status: isBroken ? "failed" : "passed", text: `${shown}, ${wanted} wanted` };
}

/** By more than the last digits of a mean: 80 of 100 are not below 0.8. */
function isBelow(value: number | undefined, other: number | undefined): boolean {
  return value !== undefined && other !== undefined && other - value > 1e-12 * Math.abs(other);
}

function boundsOf(table: RunTable, target: string, gate: GateSettings): readonly Bound[] {
  const scorers = Object.entries(gate.scorers ?? {}).flatMap(([scorer, settings]): readonly Bound[] => {
    const { min, max, judged_by: judgedBy } = settings;
    if (min === undefined && max === undefined) return [];
    const estimate = (alpha: number) => scoreEstimate(table, { target, scorer, gate, alpha });
    return [{ target, metric: scorer, min, max, judgedBy, estimate }];
  });
  const { latency_ms_p95: p95, ...means } = gate.measures;
  const bound = (
    metric: string,
    settings: Pick<GatedScorer, "max" | "judged_by"> | undefined,
    estimate: Bound["estimate"],
  ): readonly Bound[] => {
    if (settings?.max === undefined) return [];
    return [{ target, metric, min: undefined, max: settings.max, judgedBy: settings.judged_by, estimate }];
  };
  const mean = (measure: Measure) => (alpha: number) =>
    meanOfItems(table.items, itemValues(table, { target, metric: { kind: "measure", measure } }), alpha);
  return [
    ...scorers,
    ...bound("cost_usd", means.cost_usd, mean("cost_usd")),
    ...bound("latency_ms", means.latency_ms, mean("latency_ms")),
    ...bound("output_tokens", means.output_tokens, mean("output_tokens")),
    ...bound(
      "latency_ms_p95",
      p95,
      (alpha) => distributionOf(table, { target, measure: "latency_ms", alpha })?.p95,
    ),
  ];
}

function scoreEstimate(
  table: RunTable,
  {
    target,
    scorer,
    gate,
    alpha,
  }: {
    readonly target: string;
    readonly scorer: string;
    readonly gate: GateSettings;
    readonly alpha: number;
  },
): RunEstimate | undefined {
  const hasVerdicts = scoreCounts(table, { target, scorer }).withVerdict > 0;
  const metric = { kind: hasVerdicts ? "pass" : "score", scorer } as const;
  const errors = gate.errors === "as_wrong" ? "as-wrong" : "left-out";
  const values = itemValues(table, { target, metric, errors });
  return (hasVerdicts ? shareOfItems : meanOfItems)(table.items, values, alpha);
}
