import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { UnitGroup } from "#core/experiments/comparisons/segments.ts";
import type { Selection } from "./clusters.ts";
import { metricArms } from "./metric-arms.ts";
import type { ResultRows } from "./result-rows.ts";

/** What a part of the rows says of the primary metrics. */
export function unitGroup(
  rows: ResultRows,
  selection: Selection,
  {
    name,
    counts = new Map(),
    plan,
  }: {
    readonly name: string;
    readonly counts: UnitGroup["counts"] | undefined;
    readonly plan: Pick<AnalysisPlan, "metrics">;
  },
): UnitGroup {
  const primaries = plan.metrics.filter(({ role }) => role === "primary");
  const metrics = new Map(primaries.map((metric) => [metric.name, metricArms(rows, selection, metric)]));
  return { name, counts, metrics };
}
