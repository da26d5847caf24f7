import { covariateBalance } from "#core/statistics/covariate-balance.ts";
import { twoProportionTest } from "#core/statistics/two-proportions.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { Finding } from "./finding.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";

/** Below it one variant loses more values than another: what is missing is then no accident. */
const unevenAlpha = 0.001;

/** What is to be said of the values of metrics: missing ones, and such that do not vary. */
export function metricFindings(
  { control }: Pick<AnalysisPlan, "control">,
  metrics: ReadonlyMap<string, MetricArms>,
): readonly Finding[] {
  return [...metrics].flatMap(([metric, all]) => [
    ...missingFindings(metric, all.arms, control),
    ...constantFindings(metric, all.arms),
    ...unknownFindings(metric, all),
    ...balanceFindings(metric, all, control),
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
  // Of a rate it says nothing new: no event at all is an event rate.
  const constant = [...arms.values()].filter(
    ({ sample, successes, events, refusal }) =>
      !refusal && (successes ?? events) === undefined && sample.count > 1 && sample.variance === 0,
  );
  if (constant.length === 0) return [];
  const names = constant.map(({ variant }) => variant).join(", ");
  const text = `All values of ${metric} are the same in ${names}`;
  return [{ code: "nothing-varies", severity: "note", about: metric, text }];
}

/** Units whose metric was not known before the experiment. */
function unknownFindings(metric: string, { arms, before }: MetricArms): readonly Finding[] {
  const unknown = [...arms.values()].reduce((sum, arm) => sum + (arm.unknownBefore ?? 0), 0);
  if (unknown === 0) return [];
  const how = before
    ? "they stand at the value of all, which favours no variant"
    : "these are too many, and nothing is taken off";
  const text = `What ${metric} was before is not known of ${unknown} units: ${how}`;
  return [{ code: "missing-covariates", severity: "note", about: metric, text }];
}

/** Below it variants differed before anything was done to them: assignment, or what counts as before, is broken. */
const balanceAlpha = 0.001;

function balanceFindings(
  metric: string,
  { arms, before }: Pick<MetricArms, "arms" | "before">,
  control: string,
): readonly Finding[] {
  const reference = arms.get(control)?.joint;
  if (!before || !reference) return [];
  return [...arms.values()].flatMap(({ variant, joint }): readonly Finding[] => {
    if (variant === control || !joint) return [];
    const { covariates } = before;
    const balance = covariateBalance({ control: reference, treatment: joint, covariates });
    if (!balance.ok || balance.value.pValue >= balanceAlpha) return [];
    const apart = Math.abs(balance.value.standardized[0] ?? 0).toFixed(2);
    const text = `${variant} differed from ${control} in ${metric} before the experiment, by ${apart} standard deviations (p = ${balance.value.pValue.toPrecision(2)}): assignment, or what counts as before, is broken`;
    return [{ code: "covariate-imbalance", severity: "warning", about: metric, text }];
  });
}
