import type { RequestTimeline } from "#core/benchmarks/timeline.ts";
import { contentTimes, textTimes } from "./events-of.ts";
import { between, gapsOf, shared, told, type MetricDefinition } from "./metric-definition.ts";
import { outputTokens } from "./output-tokens.ts";

/**
 * As AIPerf defines them: only events with text count, of thinking or of the answer; the latency ends with the last one.
 * aiperf at db4f639, metrics/types, read 2026-11-24.
 */
export const aiperfMetrics: readonly MetricDefinition[] = [
  {
    id: "aiperf.ttft_ms",
    by: "aiperf",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first event with text, of thinking too",
    values: (timeline) => told(first(timeline)),
  },
  {
    id: "aiperf.ttfo_ms",
    by: "aiperf",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first event with text that is no thinking",
    values: (timeline) => told(between(timeline.startedMs, contentTimes(timeline)[0])),
  },
  {
    id: "aiperf.ttst_ms",
    by: "aiperf",
    unit: "ms",
    better: "less",
    meaning: "from the first to the second event with text",
    values: (timeline) => textGaps(timeline).slice(0, 1),
  },
  {
    id: "aiperf.itl_ms",
    by: "aiperf",
    unit: "ms",
    better: "less",
    meaning: "(latency - TTFT) / (n - 1), n the output tokens; none where n is below 2",
    values: (timeline) => told(tokenLatency(timeline)),
  },
  {
    id: "aiperf.icl_ms",
    by: "aiperf",
    unit: "ms",
    better: "less",
    meaning: "each gap between two events with text, those of all requests together",
    values: textGaps,
  },
  {
    id: "aiperf.request_latency_ms",
    by: "aiperf",
    unit: "ms",
    better: "less",
    meaning: "from the start to the last event with text",
    values: (timeline) => told(latency(timeline)),
  },
  {
    id: "aiperf.user_throughput_tokens_per_s",
    by: "aiperf",
    unit: "tokens_per_s",
    better: "more",
    meaning: "1 / ITL: tokens a second that one user sees after the first one",
    values: (timeline) => told(perSecond(1, tokenLatency(timeline))),
  },
  {
    id: "aiperf.e2e_throughput_tokens_per_s",
    by: "aiperf",
    unit: "tokens_per_s",
    better: "more",
    meaning: "output tokens / latency",
    values: (timeline) => told(perSecond(outputTokens(timeline), latency(timeline))),
  },
  {
    id: "aiperf.prefill_throughput_tokens_per_s",
    by: "aiperf",
    unit: "tokens_per_s",
    better: "more",
    meaning: "input tokens / TTFT",
    values: (timeline) => told(perSecond(timeline.usage?.input, first(timeline))),
  },
];

function first(timeline: RequestTimeline): number | undefined {
  return between(timeline.startedMs, textTimes(timeline)[0]);
}

function latency(timeline: RequestTimeline): number | undefined {
  return between(timeline.startedMs, textTimes(timeline).at(-1));
}

function tokenLatency(timeline: RequestTimeline): number | undefined {
  const tokens = outputTokens(timeline);
  return tokens === undefined ? undefined : shared(between(first(timeline), latency(timeline)), tokens - 1);
}

function textGaps(timeline: RequestTimeline): readonly number[] {
  return gapsOf(textTimes(timeline));
}

function perSecond(tokens: number | undefined, ms: number | undefined): number | undefined {
  return tokens === undefined || ms === undefined ? undefined : (tokens / ms) * 1_000;
}
