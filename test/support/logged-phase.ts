import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { experimentData } from "#features/experiments/results/experiment-data.ts";
import { memoryFeedbackStore } from "#features/traffic/feedback/store.memory.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";

const minuteMs = 60_000;
const requests = 1_200;

function metric(name: string, aggregation: MetricPlan["aggregation"] = { kind: "ratio" }): MetricPlan {
  return { name, role: "primary", better: "lower", column: name, aggregation };
}

/** What the phase of `readPhase` is to decide. */
export const loggedPlan: AnalysisPlan = {
  control: "fast",
  shares: new Map([
    ["fast", 0.5],
    ["deep", 0.5],
  ]),
  metrics: [
    metric("error_rate"),
    metric("latency"),
    { ...metric("latency_p50", { kind: "quantile", probability: 0.5 }), column: "latency" },
    metric("requests_per_unit", { kind: "mean" }),
  ],
  design: { kind: "always-valid" },
  alpha: 0.05,
  guardrailAlpha: 0.025,
  power: 0.8,
  minimum: { units: 100, days: 0 },
  assumed: [],
};

/** A phase of two variants, two requests of each unit an hour apart; a few fail, and what is special about others. */
export async function readPhase(special: (number: number, record: RequestRecord) => RequestRecord) {
  const records = Array.from({ length: requests }, (_, number) => {
    const unit = number % (requests / 2);
    const assigned = { unit: `unit ${unit}`, variant: unit % 2 === 0 ? "fast" : "deep" };
    const record = testRecord({
      requestId: testId(noonMs, number),
      startedAtMs: noonMs + Math.floor(number / 10) * minuteMs,
      outcome: number % 100 === 7 ? "failed" : "completed",
      timings: { queueMs: 0, gatewayMs: 1, totalMs: 100 + (number % 17) },
      decision: testDecision({ experiment: testAssignment(assigned), degraded: "elsewhere" }),
    });
    return special(number, record);
  });
  const log = memoryRequestLogStore();
  await log.insert(records);
  const stores = { log, feedback: memoryFeedbackStore(() => records) };
  const phase = { experiment: "flash-or-pro", phase: 2, days: 1, isOver: false, nowMs: noonMs };
  return experimentData(stores, { ...phase, plan: loggedPlan });
}
