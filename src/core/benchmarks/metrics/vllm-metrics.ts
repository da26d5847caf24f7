import type { RequestTimeline } from "#core/benchmarks/timeline.ts";
import { choiceTimes } from "./events-of.ts";
import { between, gapsOf, shared, told, type MetricDefinition } from "./metric-definition.ts";
import { outputTokens } from "./output-tokens.ts";

/**
 * As `vllm bench serve` defines them for chat completions. A choice counts with or without a token, so that a chunk that
 * only tells the role stops the clock; the usage chunk and the end of the stream do not extend the latency.
 * vllm/benchmarks/serve.py at 009e6d4, lib/endpoint_request_func.py at 02cfb53, read 2026-11-24.
 */
export const vllmMetrics: readonly MetricDefinition[] = [
  {
    id: "vllm.ttft_ms",
    by: "vllm",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first event with a choice, which may hold the role alone",
    values: (timeline) => told(vllmFirst(timeline)),
  },
  {
    id: "vllm.tpot_ms",
    by: "vllm",
    unit: "ms",
    better: "less",
    meaning: "(latency - TTFT) / (n - 1), n the output tokens; none where n is below 2",
    values: (timeline) => told(vllmTpot(timeline)),
  },
  {
    id: "vllm.itl_ms",
    by: "vllm",
    unit: "ms",
    better: "less",
    meaning: "each gap between two events with a choice, those of all requests together",
    values: (timeline) => gapsOf(choiceTimes(timeline)),
  },
  {
    id: "vllm.e2el_ms",
    by: "vllm",
    unit: "ms",
    better: "less",
    meaning: "from the start to the last event with a choice",
    values: (timeline) => told(vllmLatency(timeline)),
  },
];

/** From the start to the first choice, ms. */
export function vllmFirst(timeline: RequestTimeline): number | undefined {
  return between(timeline.startedMs, choiceTimes(timeline)[0]);
}

/** Time per output token as vLLM has it: without the first one, so that prompts do not count. */
export function vllmTpot(timeline: RequestTimeline): number | undefined {
  const [latency, first, tokens] = [vllmLatency(timeline), vllmFirst(timeline), outputTokens(timeline)];
  return latency === undefined || tokens === undefined
    ? undefined
    : shared(between(first, latency), tokens - 1);
}

function vllmLatency(timeline: RequestTimeline): number | undefined {
  return between(timeline.startedMs, choiceTimes(timeline).at(-1));
}
