import type { RequestTimeline } from "#core/benchmarks/timeline.ts";
import { contentTimes } from "./events-of.ts";
import { between, told, type MetricDefinition } from "./metric-definition.ts";

/**
 * As LLMPerf's client defines them: only content counts, no thinking; its sum of latencies between tokens begins with the
 * time to the first one. It cannot read a stream that tells the usage, whose event is left out here.
 * llmperf at f1d6bed, ray_clients/openai_chat_completions_client.py, read 2026-11-27.
 */
export const llmperfMetrics: readonly MetricDefinition[] = [
  {
    id: "llmperf.ttft_ms",
    by: "llmperf",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first event with content, thinking left out",
    values: (timeline) => told(between(timeline.startedMs, contentTimes(timeline)[0])),
  },
  {
    id: "llmperf.inter_token_latency_sum_ms",
    by: "llmperf",
    unit: "ms",
    better: "less",
    meaning:
      "the time to the first event with content and all gaps behind it: from the start to the last one",
    values: (timeline) => told(between(timeline.startedMs, contentTimes(timeline).at(-1))),
  },
  {
    id: "llmperf.e2e_latency_ms",
    by: "llmperf",
    unit: "ms",
    better: "less",
    meaning: "from the start to the end of the answer",
    values: ({ startedMs, endedMs }) => [endedMs - startedMs],
  },
  {
    id: "llmperf.output_tokens",
    by: "llmperf",
    unit: "tokens",
    meaning: "events of the stream, whatever they hold",
    values: (timeline) => told(countedEvents(timeline)),
  },
  {
    id: "llmperf.output_throughput_tokens_per_s",
    by: "llmperf",
    unit: "tokens_per_s",
    better: "more",
    meaning: "events of the stream / end-to-end latency",
    values: (timeline) =>
      told(((countedEvents(timeline) ?? Number.NaN) / (timeline.endedMs - timeline.startedMs)) * 1_000),
  },
];

function countedEvents({ events }: RequestTimeline): number | undefined {
  return events.length === 0 ? undefined : events.filter(({ kind }) => kind !== "usage").length;
}
