import { describe, expect, test } from "vitest";
import { Measurement } from "./measurement.ts";
import type { MeasuredRequest } from "./measured-request.ts";
import { allMetrics } from "./metrics/all-metrics.ts";
import type { SloBound } from "./slo.ts";

/** Answered with so many tokens, 10 ms apart, the first one after `ttftMs`. */
function answered(startedMs: number, ttftMs: number, tokens = 3): MeasuredRequest {
  const events = Array.from({ length: tokens }, (_, at) => ({
    atMs: startedMs + ttftMs + 10 * at,
    kind: "content" as const,
  }));
  const endedMs = (events.at(-1)?.atMs ?? startedMs) + 1;
  const usage = { input: 7, output: tokens, reasoning: 0 };
  return {
    timeline: { intendedMs: startedMs, takenMs: startedMs, startedMs, events, endedMs, usage },
    outcome: { kind: "answered" },
  };
}

function bound(id: string, limit: number): SloBound {
  const metric = allMetrics.find((one) => one.id === id);
  if (!metric) throw new Error(`no metric ${id}`);
  return { metric, limit };
}

describe("a measurement", () => {
  test("counts by what became of requests; only answers have metrics", () => {
    const measurement = new Measurement();
    measurement.record(answered(0, 100));
    const { timeline } = answered(10, 50);
    measurement.record({ timeline, outcome: { kind: "cancelled" } });
    measurement.record({
      timeline,
      outcome: { kind: "failed", failure: "rate-limited", detail: "status 429" },
    });
    measurement.record({ timeline, outcome: { kind: "failed", failure: "rate-limited", detail: "another" } });
    const { answered: good, cancelled, failed, measured } = measurement;
    expect({ good, cancelled, failed, measured }).toEqual({ good: 1, cancelled: 1, failed: 2, measured: 4 });
    expect(measurement.failures.get("rate-limited")).toEqual({ count: 2, detail: "status 429" });
    expect(measurement.metrics.get("ttft_ms")?.count).toBe(1);
    expect(measurement.scheduleLagMs.count).toBe(4);
  });

  test("lasts from the first start to the last end", () => {
    const measurement = new Measurement();
    measurement.record(answered(500, 100));
    measurement.record(answered(100, 50));
    expect(measurement.durationMs).toBe(521);
  });

  test("a good request keeps every bound; a metric that it does not tell is not kept", () => {
    const slo = [bound("ttft_ms", 100), bound("tpot_ms", 10)];
    const goodOf = (request: MeasuredRequest): number => {
      const measurement = new Measurement(slo);
      measurement.record(request);
      return measurement.good;
    };
    expect(goodOf(answered(0, 100))).toBe(1);
    expect(goodOf(answered(0, 101))).toBe(0);
    // One token has no time per further token.
    expect(goodOf(answered(0, 50, 1))).toBe(0);
  });

  test("a bound of a throughput is its least value", () => {
    const measurement = new Measurement([bound("user_tokens_per_s", 20)]);
    // 3 tokens in 121 ms are 24.8 a second, in 171 ms 17.5.
    measurement.record(answered(0, 100));
    measurement.record(answered(0, 150));
    expect(measurement.good).toBe(1);
  });

  test("costs that some answers do not tell are not known", () => {
    const measurement = new Measurement();
    measurement.record({ ...answered(0, 1), costUsd: 0.25 });
    expect(measurement.toldCostUsd).toBe(0.25);
    measurement.record(answered(0, 1));
    expect(measurement.toldCostUsd).toBeUndefined();
  });

  test("a long run keeps a bounded course of its load", () => {
    const { windows } = new Measurement();
    for (let second = 0; second < 10_000; second++) {
      windows.firstToken(second);
      windows.close(1_000 * second, 5);
    }
    const kept = windows.list();
    expect(kept.length).toBeLessThanOrEqual(1_024);
    expect(kept.every(({ concurrency }) => concurrency === 5)).toBe(true);
    expect(kept.at(-1)?.firstTokenMs).toBeGreaterThan(9_900);
  });
});
