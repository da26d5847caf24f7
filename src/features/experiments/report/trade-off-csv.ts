import type { Analysis } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { readingCells, readingColumns, type Rows } from "./csv-cells.ts";

/** A row for each variant beside the control: what its changes are worth together. */
export function utilityRows({ control }: AnalysisPlan, { utility }: Analysis): Rows {
  const header = ["in", "variant", "control", ...readingColumns, "judgement", "covariances", "reason"];
  const rows = utility?.comparisons.map(({ variant, deciding, judgement }) => [
    utility.plan.unit,
    variant,
    control,
    ...readingCells(deciding),
    judgement,
    utility.isJoint ? "known" : "bounded",
    deciding.ok ? undefined : deciding.error.reason,
  ]);
  return [header, ...(rows ?? [])];
}

/** A row for each variant and metric by which variants are compared all at once. */
export function paretoRows(_plan: AnalysisPlan, { pareto }: Analysis): Rows {
  const header = ["variant", "standing", "metric", "better", "value", "value_lower", "value_upper"];
  const rows = pareto?.points.flatMap(({ variant, standing, values }) =>
    pareto.metrics.map(({ name, better }, place) => {
      const { value, interval } = values[place] ?? {};
      // The words of JSON.
      return [variant, standing.replaceAll("-", "_"), name, better, value, interval?.[0], interval?.[1]];
    }),
  );
  return [header, ...(rows ?? [])];
}
