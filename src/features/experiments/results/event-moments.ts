import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { eventOf } from "#core/experiments/plan/metric-event.ts";
import { windowText } from "#core/experiments/plan/event-metric-text.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type {
  FeedbackStore,
  FeedbackSum,
  RequestsQuery,
  UnitParts,
  VariantMoments,
} from "#features/traffic/index.ts";
import { eventForm, formMeasures, sumsOf } from "./event-arms.ts";

/** What was said of units, all of the same time. */
export interface EventMoments {
  /** Of units for which so much time is over; absent is of all. */
  readonly withinMs?: number;
  /** What units did, which comes first. */
  readonly measures: readonly UnitMeasure[];
  readonly sums: readonly FeedbackSum[];
  readonly moments: readonly VariantMoments[];
}

/** Reads what metrics of events need: once for those of all units, once for each other time. */
export async function eventMoments(
  feedback: Pick<FeedbackStore, "feedbackMoments">,
  about: RequestsQuery & { readonly parts?: UnitParts },
  {
    metrics,
    measures,
    nowMs,
  }: {
    readonly metrics: readonly MetricPlan[];
    /** What units did that is to be known together with what was said of them. */
    readonly measures: readonly UnitMeasure[];
    readonly nowMs: number;
  },
): Promise<readonly EventMoments[]> {
  // Of a quantile alone the number of its units is wanted, where some are left out.
  const events = metrics
    .flatMap((metric) => eventOf(metric) ?? [])
    .filter(({ aggregation, withinMs }) => aggregation !== "quantile" || withinMs !== undefined);
  const read: EventMoments[] = [];
  // One after the other: the embedded database has one connection.
  for (const [withinMs, of] of Map.groupBy(events, (event) => event.withinMs)) {
    const forms = of.map(eventForm);
    const needed = formMeasures(forms);
    const asked = {
      sums: sumsOf(forms),
      measures: withinMs === undefined ? [...new Set([...measures, ...needed])] : needed,
      ...(withinMs !== undefined && { window: { lengthMs: withinMs, nowMs } }),
    };
    const moments = await feedback.feedbackMoments({ ...about, ...asked });
    read.push({ ...asked, moments, ...(withinMs !== undefined && { withinMs }) });
  }
  return read;
}

/** Units whose time is not over: what they do in the rest of it would be missing. */
export function openWindowFindings(
  metrics: readonly MetricPlan[],
  read: readonly EventMoments[],
  all: ReadonlyMap<string, number>,
): readonly Finding[] {
  return metrics.flatMap((metric): readonly Finding[] => {
    const withinMs = eventOf(metric)?.withinMs;
    const of = read.find((one) => one.withinMs === withinMs);
    if (withinMs === undefined || !of) return [];
    const over = new Map(of.moments.map(({ variant, units }) => [variant, units]));
    const open = [...all].map(([variant, units]) => [variant, units - (over.get(variant) ?? 0)] as const);
    const units = open.reduce((sum, [, count]) => sum + count, 0);
    if (units <= 0) return [];
    const shares = open.map(([variant, count]) => `${variant} ${count}`).join(", ");
    const text = `${metric.name} leaves out ${units} units (${shares}) whose ${windowText(withinMs)} are not over yet`;
    return [{ code: "open-windows", severity: "note", about: metric.name, text }];
  });
}
