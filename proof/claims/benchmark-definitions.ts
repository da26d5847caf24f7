import { allMetrics } from "../../src/core/benchmarks/metrics/all-metrics.ts";
import { timelineVectors } from "../../test/support/timeline-vectors.ts";
import type { Claim } from "../claim.ts";

/** Fixed timelines of requests: every metric of every tool on each of them. */
export const claim: Claim = {
  id: "benchmark-definitions",
  title:
    "Metrics of a benchmark are those that vLLM, AIPerf, GuideLLM and LLMPerf define (test/vectors/benchmarks)",
  wanted: "every metric of every timeline as worked out, and none where there is none",
  async run() {
    const cases = timelineVectors().flatMap(({ id, timeline, expected }) =>
      allMetrics.map((metric) => ({
        name: `${id}: ${metric.id}`,
        ours: metric.values(timeline).map((value) => Number(value.toFixed(6))),
        wanted: expected[metric.id] ?? [],
      })),
    );
    const wrong = cases.filter(({ ours, wanted }) => JSON.stringify(ours) !== JSON.stringify(wanted));
    return {
      ok: wrong.length === 0 && cases.length >= 400,
      figure: `${cases.length - wrong.length} of ${cases.length} equal`,
      details: wrong.map(
        ({ name, ours, wanted }) => `${name}: ${ours.join(", ")}, worked out ${wanted.join(", ")}`,
      ),
    };
  },
};
