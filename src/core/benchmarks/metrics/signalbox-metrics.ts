import { choiceTimes, contentTimes, tokenTimes } from "./events-of.ts";
import { between, gapsOf, told, type MetricDefinition } from "./metric-definition.ts";
import { outputTokens } from "./output-tokens.ts";
import { vllmFirst, vllmTpot } from "./vllm-metrics.ts";

/**
 * What a report shows. Times to something begin at the start, when the request was handed to the HTTP client, except where
 * a name says `intended`: that one begins when the schedule wanted it, so that waiting in front of a slow server counts.
 */
export const signalboxMetrics: readonly MetricDefinition[] = [
  {
    id: "schedule_lag_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "from the intended start to when the load generator found it due: its own lateness",
    values: ({ intendedMs, takenMs }) => [takenMs - intendedMs],
  },
  {
    id: "queue_time_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning:
      "from the intended start to the start: lateness, and waiting because as many were under way as may be",
    values: ({ intendedMs, startedMs }) => [startedMs - intendedMs],
  },
  {
    id: "connect_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "from the start to when it went out on a connection",
    values: ({ startedMs, sentMs }) => told(between(startedMs, sentMs)),
  },
  {
    id: "ttfb_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "from the start to the answer's headers",
    values: ({ startedMs, headersMs }) => told(between(startedMs, headersMs)),
  },
  {
    id: "first_choice_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first event with a choice, token or not (vLLM's TTFT)",
    values: (timeline) => told(vllmFirst(timeline)),
  },
  {
    id: "ttft_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first token of any kind: thinking, content, call of a tool",
    values: (timeline) => told(between(timeline.startedMs, tokenTimes(timeline)[0])),
  },
  {
    id: "ttft_intended_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "the same from the intended start",
    values: (timeline) => told(between(timeline.intendedMs, tokenTimes(timeline)[0])),
  },
  {
    id: "ttfo_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "from the start to the first content, thinking left out",
    values: (timeline) => told(between(timeline.startedMs, contentTimes(timeline)[0])),
  },
  {
    id: "itl_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "each gap between two events with a choice, those of all requests together (vLLM's ITL)",
    values: (timeline) => gapsOf(choiceTimes(timeline)),
  },
  {
    id: "icl_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "each gap between two events with a token, those of all requests together",
    values: (timeline) => gapsOf(tokenTimes(timeline)),
  },
  {
    id: "tpot_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "time per output token after the first choice (vLLM's TPOT)",
    values: (timeline) => told(vllmTpot(timeline)),
  },
  {
    id: "e2e_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "from the start to the end of the answer",
    values: ({ startedMs, endedMs }) => [endedMs - startedMs],
  },
  {
    id: "e2e_intended_ms",
    by: "signalbox",
    unit: "ms",
    better: "less",
    meaning: "from the intended start to the end of the answer",
    values: ({ intendedMs, endedMs }) => [endedMs - intendedMs],
  },
  {
    id: "input_tokens",
    by: "signalbox",
    unit: "tokens",
    meaning: "tokens of the prompt, as the server counted",
    values: ({ usage }) => told(usage?.input),
  },
  {
    id: "output_tokens",
    by: "signalbox",
    unit: "tokens",
    meaning: "tokens generated, thinking included, as the server counted; else events with a token",
    values: (timeline) => told(outputTokens(timeline)),
  },
  {
    id: "user_tokens_per_s",
    by: "signalbox",
    unit: "tokens_per_s",
    better: "more",
    meaning: "output tokens of a request / its time from start to end: what one user gets",
    values: (timeline) =>
      told(((outputTokens(timeline) ?? Number.NaN) / (timeline.endedMs - timeline.startedMs)) * 1_000),
  },
];
