import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { EventMetric } from "#core/experiments/plan/event-metric.ts";
import type { EventSource } from "#core/experiments/plan/event-source.ts";
import type { JudgeCorrection } from "#core/experiments/plan/judge-correction.ts";
import { eventOf } from "#core/experiments/plan/metric-event.ts";
import type { PlanComplaint } from "#core/experiments/plan/resolve-metric.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ExperimentSettings } from "./schema/experiment.ts";
import { knownNames } from "./suggestion.ts";

/** How a judge's metric is corrected by what humans said of the same. */
export interface JudgePlan {
  readonly correction: Exclude<JudgeCorrection, "none">;
  /** The name of the feedback that humans give. */
  readonly human: string;
}

/** A plan whose judges' metrics count only what judges said, and how these are corrected, by the metric's name. */
export interface JudgedPlan {
  readonly plan: AnalysisPlan;
  readonly judges: ReadonlyMap<string, JudgePlan>;
}

/** Who says what a judge's metric is made of, where nothing is written. */
const judgeSources: readonly EventSource[] = ["judge"];

/** Judges of a plan as they are written, or what is wrong with them. */
export function judgedPlan(
  plan: AnalysisPlan,
  written: NonNullable<ExperimentSettings["judges"]>,
): Result<JudgedPlan, readonly PlanComplaint[]> {
  const judged = new Map<string, { readonly metric: MetricPlan; readonly judge: JudgePlan }>();
  const complaints: PlanComplaint[] = [];
  for (const [name, settings] of Object.entries(written)) {
    const { correction = "prediction_powered", human } =
      typeof settings === "string" ? { correction: settings } : settings;
    const found = judgedMetric(plan, name, human);
    if (!found.ok) complaints.push({ path: ["judges", name], ...found.error });
    else if (correction !== "none")
      judged.set(name, { ...found.value, judge: { correction, human: human ?? found.value.event } });
  }
  if (complaints.length > 0) return failed(complaints);
  return ok({
    plan: { ...plan, metrics: plan.metrics.map((metric) => judged.get(metric.name)?.metric ?? metric) },
    judges: new Map([...judged].map(([name, { judge }]) => [name, judge])),
  });
}

/** A metric that can be a judge's, counting what judges said alone. */
function judgedMetric(
  { metrics }: AnalysisPlan,
  name: string,
  human: string | undefined,
): Result<{ readonly metric: MetricPlan; readonly event: string }, Omit<PlanComplaint, "path">> {
  const metric = metrics.find((one) => one.name === name);
  if (!metric) {
    const wanted = knownNames(
      name,
      metrics.map((one) => one.name),
    );
    return failed({ wanted, actual: JSON.stringify(name) });
  }
  const event = eventOf(metric);
  if (!event || !isPlainMean(event))
    return failed({ wanted: "a mean of feedback, without `label` and `cap`", actual: "another metric" });
  const { sources = judgeSources } = event;
  if (sources.includes("human") && (human ?? event.event) === event.event)
    return failed({
      wanted: "a `source` that is not human, or what humans say under another name (`human`)",
      actual: "both under one name",
    });
  return ok({ metric: { ...metric, event: { ...event, sources } }, event: event.event });
}

function isPlainMean({ aggregation, labels, cap }: EventMetric): boolean {
  return aggregation === "mean" && labels === undefined && cap === undefined;
}
