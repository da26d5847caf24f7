import type { RequestTimeline } from "#core/benchmarks/timeline.ts";

/** Whose definition of a metric it is: ours, or the one of a tool, so that figures can be compared with that tool's. */
export type DefinedBy = "signalbox" | "vllm" | "aiperf" | "guidellm" | "llmperf";

/** A metric of one request, defined once. */
export interface MetricDefinition {
  /** Unique, snake_case, the unit last: `ttft_ms`, of a tool with its name in front: `vllm.ttft_ms`. */
  readonly id: string;
  readonly by: DefinedBy;
  readonly unit: "ms" | "tokens" | "tokens_per_s";
  /** Which of two values is the better one; of counts neither is. */
  readonly better?: "less" | "more";
  /** From what to what, in a sentence. */
  readonly meaning: string;
  /** One value, or one for each pair of events; none where the timeline does not tell. Finite. */
  readonly values: (timeline: RequestTimeline) => readonly number[];
}

/** A value that a timeline may not tell, as the list that definitions give. */
export function told(value: number | undefined): readonly number[] {
  return value === undefined || !Number.isFinite(value) ? [] : [value];
}

/** What was from one moment to another; undefined where one of them did not come. */
export function between(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : toMs - fromMs;
}

/** The gaps between moments that follow one another. */
export function gapsOf(moments: readonly number[]): readonly number[] {
  return moments.slice(1).map((atMs, before) => atMs - (moments[before] ?? atMs));
}

/** A sum divided by a count; undefined below one, where there is nothing to divide by. */
export function shared(sum: number | undefined, count: number): number | undefined {
  return sum === undefined || count < 1 ? undefined : sum / count;
}
