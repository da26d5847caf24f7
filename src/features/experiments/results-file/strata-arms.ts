import type { MetricPlan } from "#core/experiments/analysis-plan.ts";
import type { MetricArms } from "#core/experiments/metric-arm.ts";
import { failed, ok } from "#core/kernel/result.ts";
import type { Sample } from "#core/statistics/sample.ts";
import type { Adjusted } from "./adjusted.ts";
import { armKind, armMomentsOf, armOf, type ArmKind } from "./arm-moments.ts";
import { clusterSums, rowValues, type RowValues } from "./cluster-sums.ts";
import type { Clustering } from "./clusters.ts";
import type { Named, ResultRows } from "./result-rows.ts";
import { rowGroups } from "./row-groups.ts";

/** Units of each variant that a stratum has at least: smaller ones are taken together, as are units of none. */
const unitsMin = 20;
/** Names of strata that a sentence lists. */
const listedMax = 5;

/**
 * A metric inside strata: of each stratum a sample of each variant. Means of units that count once alone: of ratios the strata of
 * numerators and denominators would be needed.
 */
export function strataArms(
  rows: ResultRows,
  clustering: Clustering,
  { metric, arms, named }: { readonly metric: MetricPlan; readonly arms: MetricArms; readonly named: Named },
): Adjusted {
  const values = rowValues(rows, clustering, metric);
  if (!values || clustering.sharesClusters) return failed("variants share clusters");
  const { isWeighted } = clustering;
  const whole = [...clusterSums(rows, clustering, values).values()];
  const kind = armKind(whole, { isWeighted, hasBefore: false });
  if (!kind.isPlain) return failed("it is of units that count once, one row each");
  const { names, groups } = joinedStrata(rows, clustering, named);
  if (names.length < 2) return failed(`there are not two strata with ${unitsMin} units of each variant`);
  const strata = groups.map((used) => samplesOf(rows, { ...clustering, used }, { values, kind }));
  const lacking = strata.findIndex((samples) => !isWhole(samples, rows.variants));
  if (lacking >= 0) return failed(`nothing varies in a variant of stratum ${names[lacking] ?? ""}`);
  const listed = names.slice(0, listedMax).join(", ");
  const more = names.length > listedMax ? " and others" : "";
  const text = `${metric.name} is compared inside ${names.length} strata (${listed}${more}), each weighted by its share of the units`;
  return ok({ arms: { ...arms, adjusted: { by: "strata", strata } }, text });
}

/** Strata with enough units of each variant, and last what is left, where that is enough. */
function joinedStrata(
  rows: ResultRows,
  clustering: Clustering,
  { names, of }: Named,
): { readonly names: readonly string[]; readonly groups: readonly Uint32Array[] } {
  const groups = rowGroups(clustering, names.length, (row) => of[row] ?? 0);
  const isLarge = groups.map((used, place) => names[place] !== "" && isEnough(rows, clustering, used));
  const places = new Map([...names.keys()].filter((place) => isLarge[place]).map((place, at) => [place, at]));
  const rest = places.size;
  const joined = rowGroups(clustering, rest + 1, (row) => places.get(of[row] ?? 0) ?? rest);
  const large = [...places.keys()].map((place) => names[place] ?? "");
  const last = joined[rest] ?? new Uint32Array();
  if (last.length === 0) return { names: large, groups: joined.slice(0, rest) };
  if (isEnough(rows, clustering, last)) return { names: [...large, "the rest"], groups: joined };
  // Too few for a stratum of their own, and too many to leave out: they go with the last one.
  const into = Math.max(0, rest - 1);
  const merged = rowGroups(clustering, rest, (row) => places.get(of[row] ?? 0) ?? into);
  return { names: large.with(into, `${large[into] ?? ""} with the rest`), groups: merged };
}

function isEnough({ variant, variants }: ResultRows, clustering: Clustering, used: Uint32Array): boolean {
  const members = variants.map(() => new Set<number>());
  for (const row of used) members[variant[row] ?? 0]?.add(clustering.counted[row] ?? 0);
  return members.every(({ size }) => size >= unitsMin);
}

function samplesOf(
  rows: ResultRows,
  clustering: Clustering,
  { values, kind }: { readonly values: RowValues; readonly kind: ArmKind },
): ReadonlyMap<string, Sample> {
  const sums = clusterSums(rows, clustering, values);
  return new Map(
    [...sums].map(([variant, of]) => [variant, armOf(variant, armMomentsOf(of, kind), kind).sample]),
  );
}

function isWhole(samples: ReadonlyMap<string, Sample>, variants: readonly string[]): boolean {
  return variants.every((variant) => {
    const { count = 0, variance = 0 } = samples.get(variant) ?? {};
    return count >= 2 && variance > 0;
  });
}
