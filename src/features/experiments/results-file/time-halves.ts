import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { UnitGroup } from "#core/experiments/comparisons/segments.ts";
import type { Clustering } from "./clusters.ts";
import { entriesOf } from "./entries.ts";
import type { ResultRows } from "./result-rows.ts";
import { rowGroups } from "./row-groups.ts";
import { unitGroup } from "./unit-group.ts";

/** The units that came in the first half of the time, and those of the second; undefined where that is not known of them. */
export function timeHalves(
  rows: ResultRows,
  clustering: Clustering,
  plan: Pick<AnalysisPlan, "metrics">,
): readonly UnitGroup[] | undefined {
  const { counted, sharesClusters } = clustering;
  const entries = sharesClusters ? undefined : entriesOf(rows, clustering);
  if (!entries) return undefined;
  let [earliest, latest] = [Infinity, -Infinity];
  for (const at of entries) {
    if (at < earliest) earliest = at;
    if (at > latest) latest = at;
  }
  if (!(latest > earliest)) return undefined;
  const middle = earliest + (latest - earliest) / 2;
  const halfOf = (at: number): number => {
    if (Number.isNaN(at)) return 2;
    return at < middle ? 0 : 1;
  };
  const halves = rowGroups(clustering, 3, (row) => halfOf(entries[counted[row] ?? 0] ?? Number.NaN));
  return ["first half", "second half"].map((name, half) => {
    const used = halves[half] ?? new Uint32Array();
    const counts = countsOf(rows, clustering, used);
    return unitGroup(rows, { ...clustering, used }, { name, counts, plan });
  });
}

function countsOf(
  { variant, variants }: ResultRows,
  { counted, members }: Clustering,
  used: Uint32Array,
): ReadonlyMap<string, number> {
  const seen = new Uint8Array(members);
  const counts = new Map<string, number>();
  for (const row of used) {
    const member = counted[row] ?? 0;
    if (seen[member] === 1) continue;
    seen[member] = 1;
    const name = variants[variant[row] ?? 0] ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
