import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { eventOf } from "#core/experiments/plan/metric-event.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { judgedUnitsArms } from "#core/experiments/comparisons/judged-units-arms.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import { present } from "#core/kernel/present.ts";
import type { JudgePlan } from "#features/configuration/index.ts";
import type { AdjustedMetrics } from "./adjusted-metrics.ts";
import type { Read } from "./mean-arms.ts";
import type { ResultStores } from "./result-stores.ts";

/** What is asked of judges. */
interface JudgesQuestion {
  readonly metrics: readonly MetricPlan[];
  /** How they are corrected, by the metric's name. */
  readonly judges: ReadonlyMap<string, JudgePlan>;
  readonly units: Read["units"];
  readonly nowMs: number;
}

/** Judges' metrics as humans would have said them. One after the other: the embedded database has one connection. */
export async function liveJudges(
  { feedback }: ResultStores,
  { metrics, judges, units, nowMs }: JudgesQuestion,
  arms: ReadonlyMap<string, MetricArms>,
): Promise<AdjustedMetrics> {
  const corrected = new Map<string, MetricArms>();
  const findings: Finding[] = [];
  for (const metric of metrics) {
    const { name: about } = metric;
    const [judge, event] = [judges.get(about), eventOf(metric)];
    if (!judge || !event) continue;
    const { withinMs, sources } = event;
    const moments = await feedback.judgedMoments({
      ...units,
      judge: { name: event.event, ...present({ sources }) },
      human: { name: judge.human, sources: ["human"] },
      ...(withinMs !== undefined && { window: { lengthMs: withinMs, nowMs } }),
    });
    const found = judgedUnitsArms({
      metric: about,
      correction: judge.correction,
      arms: arms.get(about) ?? { arms: new Map() },
      units: new Map(
        moments.map(({ variant, units: count, means, deviations }) => [
          variant,
          { count, means, products: deviations },
        ]),
      ),
    });
    if (found.ok) {
      corrected.set(about, found.value.arms);
      findings.push({ code: "judge-corrected", severity: "note", about, text: found.value.text });
      continue;
    }
    const text = `${about} is not corrected by what humans said: ${found.error}`;
    findings.push({ code: "not-adjusted", severity: "warning", about, text });
  }
  return { metrics: corrected, findings };
}
