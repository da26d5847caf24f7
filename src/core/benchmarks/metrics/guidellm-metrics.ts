import { hasToken, type RequestTimeline } from "#core/benchmarks/timeline.ts";
import { tokenTimes } from "./events-of.ts";
import { between, shared, told, type MetricDefinition } from "./metric-definition.ts";
import { outputTokens } from "./output-tokens.ts";

/**
 * As GuideLLM defines them: an event with a token of any kind counts, calls of tools too. Its time per output token
 * includes the prompt, and its inter-token latency is one number a request.
 * guidellm 0.8.1, schemas/base/request_stats.py, read 2026-11-27.
 */
export const guidellmMetrics: readonly MetricDefinition[] = [
  {
    id: "guidellm.ttft_ms",
    by: "guidellm",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first event with a token",
    values: (timeline) => told(between(timeline.startedMs, tokenTimes(timeline)[0])),
  },
  {
    id: "guidellm.ttfot_ms",
    by: "guidellm",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first event with a token that is no thinking",
    values: (timeline) => told(between(timeline.startedMs, firstOutput(timeline))),
  },
  {
    id: "guidellm.itl_ms",
    by: "guidellm",
    unit: "ms",
    better: "less",
    meaning: "(last event with a token - first one) / (n - 1), n the output tokens; none where n is below 2",
    values: (timeline) => told(interTokenLatency(timeline)),
  },
  {
    id: "guidellm.tpot_ms",
    by: "guidellm",
    unit: "ms",
    better: "less",
    meaning: "(last event with a token - start) / n: the prompt counts, unlike in vLLM's metric of that name",
    values: (timeline) => told(timePerToken(timeline)),
  },
  {
    id: "guidellm.request_latency_ms",
    by: "guidellm",
    unit: "ms",
    better: "less",
    meaning: "from the start to the end of the answer",
    values: ({ startedMs, endedMs }) => [endedMs - startedMs],
  },
];

function firstOutput({ events }: RequestTimeline): number | undefined {
  return events.find((event) => hasToken(event) && event.kind !== "reasoning")?.atMs;
}

function interTokenLatency(timeline: RequestTimeline): number | undefined {
  const times = tokenTimes(timeline);
  return shared(between(times[0], times.at(-1)), (outputTokens(timeline) ?? 0) - 1);
}

function timePerToken(timeline: RequestTimeline): number | undefined {
  const last = tokenTimes(timeline).at(-1) ?? timeline.endedMs;
  return shared(last - timeline.startedMs, outputTokens(timeline) ?? 0);
}
