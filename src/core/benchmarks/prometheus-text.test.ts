import { describe, expect, test } from "vitest";
import { metricValues, watchedMetrics, watchedSeries } from "./prometheus-text.ts";

const text = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="a b{c}"} 3.0
vllm:num_requests_running{engine="1",model_name="x"} 2.0 1790000000000
vllm:kv_cache_usage_perc 0.25
vllm:num_requests_waiting NaN
other_metric 7
process_resident_memory_bytes 1.5e+08
`;

test("metrics are read by name, summed over their labels", () => {
  expect(Object.fromEntries(metricValues(text, watchedMetrics))).toEqual({
    "vllm:num_requests_running": 5,
    "vllm:kv_cache_usage_perc": 0.25,
    process_resident_memory_bytes: 150_000_000,
  });
});

test("what is no text of metrics has none", () => {
  expect(metricValues("<html>404</html>\n\n{}", watchedMetrics).size).toBe(0);
});

describe("over readings", () => {
  const readings = (name: string, ...values: readonly number[]) =>
    values.map((value, at) => ({ atMs: 2_000 * at, values: new Map([[name, value]]) }));

  test("a gauge has a mean and a greatest value", () => {
    expect(
      watchedSeries(readings("vllm:num_requests_waiting", 1, 5, 3)).get("vllm:num_requests_waiting"),
    ).toEqual({
      kind: "gauge",
      mean: 3,
      max: 5,
    });
  });

  test("a counter has what came to it; one that fell began anew", () => {
    expect(
      watchedSeries(readings("process_cpu_seconds_total", 10, 12, 1)).get("process_cpu_seconds_total"),
    ).toEqual({
      kind: "counter",
      increase: 3,
      perSecond: 0.75,
    });
  });

  test("a metric that comes later is told from then on", () => {
    const later = [{ atMs: 0, values: new Map<string, number>() }, ...readings("a_total", 4)];
    expect(watchedSeries(later).get("a_total")).toEqual({ kind: "counter", increase: 0, perSecond: 0 });
  });
});
