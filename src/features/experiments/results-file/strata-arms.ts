import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import {
  joinedStrata,
  stratifiedArms,
  strataProblem,
  strataText,
  type NamedStratum,
} from "#core/experiments/comparisons/strata.ts";
import { failed, ok } from "#core/kernel/result.ts";
import { noCrossMoments } from "#core/statistics/cross-moments.ts";
import type { Adjusted } from "./adjusted.ts";
import { armMomentsOf } from "./arm-moments.ts";
import { clusterSums, rowValues, type RowValues } from "./cluster-sums.ts";
import type { Clustering } from "./clusters.ts";
import type { Named, ResultRows } from "./result-rows.ts";
import { rowGroups } from "./row-groups.ts";

/** A metric inside strata: of each stratum the sums of each variant's units, or of its clusters. */
export function strataArms(
  rows: ResultRows,
  clustering: Clustering,
  { metric, arms, named }: { readonly metric: MetricPlan; readonly arms: MetricArms; readonly named: Named },
): Adjusted {
  const values = rowValues(rows, clustering, metric);
  if (!values || clustering.sharesClusters) return failed("variants share clusters");
  if (clustering.isWeighted) return failed("rows count by the inverse of their propensity");
  const groups = joinedRows(rows, clustering, named);
  const problem = strataProblem(groups.length);
  if (problem !== undefined) return failed(problem);
  const strata = groups.map(({ name, used }) => ({
    name,
    arms: momentsIn(rows, { ...clustering, used }, values),
  }));
  const adjusted = stratifiedArms(arms, strata, rows.variants);
  if (!adjusted.ok) return adjusted;
  const text = `${metric.name} is compared inside ${strataText(strata)}, each weighted by its share of the units`;
  return ok({ arms: adjusted.value, text });
}

/** The rows of each stratum, small ones taken together; a unit is in that of its first row. */
function joinedRows(
  rows: ResultRows,
  clustering: Clustering,
  { names, of }: Named,
): readonly { readonly name: string; readonly used: Uint32Array }[] {
  const counts = unitsOfNames(rows, clustering, { names, of });
  const strata = joinedStrata(names.map((name, place) => ({ name, units: counts[place] ?? [] })));
  const groupOfName = new Int32Array(names.length);
  for (const [group, { places }] of strata.entries()) for (const place of places) groupOfName[place] = group;
  const groups = rowGroups(clustering, strata.length, (row) => groupOfName[of[row] ?? 0] ?? 0);
  return strata.map(({ name }, group) => ({ name, used: groups[group] ?? new Uint32Array(0) }));
}

/** Units of each name, by variant. */
function unitsOfNames(
  { variant, variants }: ResultRows,
  { used, counted, members }: Clustering,
  { names, of }: Named,
): readonly (readonly number[])[] {
  const counts = names.map(() => variants.map(() => 0));
  const seen = new Uint8Array(members);
  for (const row of used) {
    const member = counted[row] ?? 0;
    if (seen[member] === 1) continue;
    seen[member] = 1;
    const mine = counts[of[row] ?? 0];
    const place = variant[row] ?? 0;
    if (mine) mine[place] = (mine[place] ?? 0) + 1;
  }
  return counts;
}

function momentsIn(rows: ResultRows, clustering: Clustering, values: RowValues): NamedStratum["arms"] {
  return new Map(
    [...clusterSums(rows, clustering, values)].map(([variant, sums]) => {
      const told = armMomentsOf(sums, { isPlain: false, hasBefore: false, known: undefined }).sums;
      return [variant, told.ok ? told.value : noCrossMoments];
    }),
  );
}
