import { twoProportionTest } from "#core/statistics/two-proportions.ts";
import type { AnalysisPlan } from "./analysis-plan.ts";
import type { Finding } from "./finding.ts";
import type { MetricArm, MetricArms } from "./metric-arm.ts";

/** Below it one variant loses more values than another: what is missing is then no accident. */
const unevenAlpha = 0.001;

/** What is to be said of the values of metrics: missing ones, and such that do not vary. */
export function metricFindings(
  { control }: Pick<AnalysisPlan, "control">,
  metrics: ReadonlyMap<string, MetricArms>,
): readonly Finding[] {
  return [...metrics].flatMap(([metric, { arms }]) => [
    ...missingFindings(metric, arms, control),
    ...constantFindings(metric, arms),
  ]);
}

function missingFindings(
  metric: string,
  arms: ReadonlyMap<string, MetricArm>,
  control: string,
): readonly Finding[] {
  const missing = [...arms.values()].reduce((sum, arm) => sum + arm.missing, 0);
  if (missing === 0) return [];
  const uneven = [...arms.values()].filter(
    (arm) => arm.variant !== control && isUneven(arms.get(control), arm),
  );
  const shares = [...arms.values()].map((arm) => `${arm.variant} ${arm.missing}`).join(", ");
  if (uneven.length === 0) {
    const text = `${metric} has no value for ${missing} units (${shares}): they are left out of it`;
    return [{ code: "missing-values", severity: "note", about: metric, text }];
  }
  const text = `${metric} has no value for unevenly many units (${shares}): those that are left differ for another reason, too`;
  return [{ code: "uneven-missing-values", severity: "warning", about: metric, text }];
}

function isUneven(control: MetricArm | undefined, treatment: MetricArm): boolean {
  if (!control) return false;
  const test = twoProportionTest({
    control: missingShare(control),
    treatment: missingShare(treatment),
    alpha: unevenAlpha,
  });
  return test.ok && test.value.pValue < unevenAlpha;
}

function missingShare({ missing, sample }: MetricArm) {
  return { successes: missing, trials: missing + sample.count };
}

function constantFindings(metric: string, arms: ReadonlyMap<string, MetricArm>): readonly Finding[] {
  const constant = [...arms.values()].filter(({ sample }) => sample.count > 1 && sample.variance === 0);
  if (constant.length === 0) return [];
  const names = constant.map(({ variant }) => variant).join(", ");
  const text = `All values of ${metric} are the same in ${names}`;
  return [{ code: "nothing-varies", severity: "note", about: metric, text }];
}
