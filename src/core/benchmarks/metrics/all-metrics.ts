import { aiperfMetrics } from "./aiperf-metrics.ts";
import { guidellmMetrics } from "./guidellm-metrics.ts";
import { llmperfMetrics } from "./llmperf-metrics.ts";
import type { MetricDefinition } from "./metric-definition.ts";
import { signalboxMetrics } from "./signalbox-metrics.ts";
import { vllmMetrics } from "./vllm-metrics.ts";

/** Every metric of a request, ours first, then as other tools define them. */
export const allMetrics: readonly MetricDefinition[] = [
  ...signalboxMetrics,
  ...vllmMetrics,
  ...aiperfMetrics,
  ...guidellmMetrics,
  ...llmperfMetrics,
];
