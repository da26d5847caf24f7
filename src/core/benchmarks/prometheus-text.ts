/**
 * The values of some metrics in Prometheus' text format, summed over their labels. Comments, other metrics and values that
 * are no finite numbers are passed over. https://prometheus.io/docs/instrumenting/exposition_formats/ read 2026-11-27
 */
export function metricValues(text: string, names: ReadonlySet<string>): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name = "", written = ""] = /^([A-Za-z_:][\w:]*)(?:\{.*\})?\s+(\S+)/.exec(line) ?? [];
    const value = Number(written);
    if (!names.has(name) || written === "" || !Number.isFinite(value)) continue;
    values.set(name, (values.get(name) ?? 0) + value);
  }
  return values;
}

/** Metrics of deployments that are watched while load is made on them. */
export const watchedMetrics: ReadonlySet<string> = new Set([
  // vLLM: requests, the cache of keys and values by its newer and its older name, evictions, the prefix cache.
  "vllm:num_requests_running",
  "vllm:num_requests_waiting",
  "vllm:kv_cache_usage_perc",
  "vllm:gpu_cache_usage_perc",
  "vllm:num_preemptions_total",
  "vllm:prefix_cache_queries_total",
  "vllm:prefix_cache_hits_total",
  // What client libraries of Prometheus tell of a process, Signalbox's among them.
  "process_cpu_seconds_total",
  "process_resident_memory_bytes",
  "nodejs_eventloop_lag_p99_seconds",
]);

/** How a metric went while it was watched. */
export type WatchedSeries =
  /** What was counted from the first reading to the last, and per second. */
  | { readonly kind: "counter"; readonly increase: number; readonly perSecond: number }
  | { readonly kind: "gauge"; readonly mean: number; readonly max: number };

/** One reading of a process's metrics. */
export interface MetricReading {
  readonly atMs: number;
  readonly values: ReadonlyMap<string, number>;
}

/** The course of each metric over readings; a counter that fell began anew, and counts from 0 there. Names that end in `_total` are counters. */
export function watchedSeries(readings: readonly MetricReading[]): ReadonlyMap<string, WatchedSeries> {
  const names = new Set(readings.flatMap(({ values }) => [...values.keys()]));
  return new Map(
    [...names].map((name) => {
      const told = readings.flatMap(({ atMs, values }) => {
        const value = values.get(name);
        return value === undefined ? [] : [{ atMs, value }];
      });
      return [name, name.endsWith("_total") ? counterOf(told) : gaugeOf(told)];
    }),
  );
}

interface Told {
  readonly atMs: number;
  readonly value: number;
}

function counterOf(told: readonly Told[]): WatchedSeries {
  const increase = told.slice(1).reduce((sum, { value }, before) => {
    const last = told[before]?.value ?? 0;
    return sum + (value >= last ? value - last : value);
  }, 0);
  const seconds = ((told.at(-1)?.atMs ?? 0) - (told[0]?.atMs ?? 0)) / 1_000;
  return { kind: "counter", increase, perSecond: seconds > 0 ? increase / seconds : 0 };
}

function gaugeOf(told: readonly Told[]): WatchedSeries {
  return {
    kind: "gauge",
    mean: told.reduce((sum, { value }) => sum + value, 0) / told.length,
    max: told.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  };
}
