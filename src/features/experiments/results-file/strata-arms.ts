import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
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
/** Strata, at most: more are no groups, but another column. */
const strataMax = 100;
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
  if (names.length > strataMax)
    return failed(`there are ${names.length} strata: a column with so many is often no group`);
  if (names.length < 2) return failed(`there are not two strata with ${unitsMin} units of each variant`);
  const strata = groups.map((used) => samplesOf(rows, { ...clustering, used }, { values, kind }));
  const lacking = strata.findIndex((samples) => !isWhole(samples, rows.variants));
  if (lacking >= 0) return failed(`nothing varies in a variant of stratum ${names[lacking] ?? ""}`);
  const listed = names.slice(0, listedMax).join(", ");
  const more = names.length > listedMax ? " and others" : "";
  const text = `${metric.name} is compared inside ${names.length} strata (${listed}${more}), each weighted by its share of the units`;
  return ok({ arms: { ...arms, adjusted: { by: "strata", strata } }, text });
}

/** Strata with enough units of each variant, and last what is left, where that is enough; else it goes with the one before. */
function joinedStrata(
  rows: ResultRows,
  clustering: Clustering,
  { names, of }: Named,
): { readonly names: readonly string[]; readonly groups: readonly Uint32Array[] } {
  const isEnough = enoughUnits(rows, clustering, { groups: names.length, groupOf: (row) => of[row] ?? 0 });
  const large = names.flatMap((name, place) => (name !== "" && isEnough(place) ? [{ name, place }] : []));
  const rest = large.length;
  const groupOfName = new Int32Array(names.length).fill(rest);
  for (const [group, { place }] of large.entries()) groupOfName[place] = group;
  const groupOf = (row: number): number => groupOfName[of[row] ?? 0] ?? rest;
  const joined = rowGroups(clustering, rest + 1, groupOf);
  const listed = large.map(({ name }) => name);
  if (joined[rest]?.length === 0) return { names: listed, groups: joined.slice(0, rest) };
  if (enoughUnits(rows, clustering, { groups: rest + 1, groupOf })(rest))
    return { names: [...listed, "the rest"], groups: joined };
  const last = Math.max(0, rest - 1);
  return {
    names: listed.map((name, place) => (place === last ? `${name} with the rest` : name)),
    groups: rowGroups(clustering, last + 1, (row) => Math.min(groupOf(row), last)),
  };
}

/** Which groups have enough units of each variant; a unit is in the group of its first row. */
function enoughUnits(
  { variant, variants }: ResultRows,
  { used, counted, members }: Clustering,
  { groups, groupOf }: { readonly groups: number; readonly groupOf: (row: number) => number },
): (group: number) => boolean {
  const counts = new Uint32Array(groups * variants.length);
  const seen = new Uint8Array(members);
  for (const row of used) {
    const member = counted[row] ?? 0;
    if (seen[member] === 1) continue;
    seen[member] = 1;
    const place = groupOf(row) * variants.length + (variant[row] ?? 0);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return (group) => variants.every((_, place) => (counts[group * variants.length + place] ?? 0) >= unitsMin);
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
