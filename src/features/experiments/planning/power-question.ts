import { planDefaults } from "#core/experiments/plan/analysis-plan.ts";
import { planUnits, type PlannedUnits, type UnitsQuestion } from "#core/experiments/units/plan-units.ts";
import { present } from "#core/kernel/present.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import type { PlannedMetric } from "#core/statistics/planned-metric.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import type { WrittenPower } from "./power-schema.ts";

/** An experiment as it is planned: what was asked, with what holds where nothing was written, and the answer. */
export interface PlannedExperiment {
  readonly question: UnitsQuestion;
  readonly planned: PlannedUnits;
}

/** Answers what people ask before an experiment, as `planUnits`; refuses as it does, and percentage points of a mean. */
export function plannedExperiment(written: WrittenPower): Result<PlannedExperiment, Refusal> {
  const question = questionOf(written);
  if (!question.ok) return question;
  const planned = planUnits(question.value);
  return planned.ok ? ok({ question: question.value, planned: planned.value }) : planned;
}

function questionOf(written: WrittenPower): Result<UnitsQuestion, Refusal> {
  const { effect, margin, clusters, units, correlation, per_day: unitsPerDay } = written;
  if ((effect?.isPoints || margin?.isPoints) && !("rate" in written.metric))
    return refused("bad-value", "pp are of a rate, and the metric is a mean");
  const metric = metricOf(written.metric);
  if (!metric.ok) return metric;
  return ok({
    metric: metric.value,
    shares: sharesOf(written.shares),
    alpha: written.alpha ?? (margin ? planDefaults.guardrailAlpha : planDefaults.alpha),
    power: written.power ?? planDefaults.power,
    looks: looksOf(written.design),
    ...present({ effect, margin, units, correlation, unitsPerDay }),
    ...(clusters && { clusters: { meanSize: clusters.size, correlation: clusters.correlation } }),
  });
}

function metricOf(written: WrittenPower["metric"]): Result<PlannedMetric, Refusal> {
  if ("rate" in written) return ok({ kind: "proportion", share: written.rate });
  const { mean, sd, denominator } = written;
  if (!denominator) return ok({ kind: "mean", mean, variance: sd * sd });
  // Of two units, squared deviations are the variance.
  const ratio = ratioSample({
    x: { count: 2, mean: denominator.mean, squaredDeviations: denominator.sd * denominator.sd },
    y: { count: 2, mean, squaredDeviations: sd * sd },
    productDeviations: denominator.correlation * sd * denominator.sd,
  });
  return ratio.ok ? ok({ kind: "mean", mean: ratio.value.mean, variance: ratio.value.variance }) : ratio;
}

/** What is left of 100% by rounding, as of 33.3% thrice, is shared out as well. */
function sharesOf(shares: readonly number[] = [0.5, 0.5]): readonly number[] {
  const sum = shares.reduce((total, one) => total + one, 0);
  return shares.map((one) => one / sum);
}

function looksOf(design: WrittenPower["design"] = "fixed"): UnitsQuestion["looks"] {
  if (design === "fixed") return { kind: "fixed" };
  if (design === "always_valid") return { kind: "always-valid" };
  return { kind: "group-sequential", looks: design.looks, spending: design.spending ?? "obrien-fleming" };
}
