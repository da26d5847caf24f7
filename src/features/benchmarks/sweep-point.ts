import { sweepFindings, type SweepFindings, type SweepPoint } from "#core/benchmarks/sweep.ts";
import { present } from "#core/kernel/present.ts";
import type { BenchmarkRun } from "./run-once.ts";

/** What a run of a sweep says of a target; undefined where it is none of a sweep. */
export function sweepPoint({ rate, targets }: BenchmarkRun, name: string): SweepPoint | undefined {
  const target = targets.find((one) => one.name === name);
  if (rate === undefined || !target) return undefined;
  const { answered, failed, good, durationMs, metrics } = target.measurement;
  return present({
    rate,
    answeredPerS: durationMs === 0 ? 0 : (1_000 * answered) / durationMs,
    latencyMs: metrics.get("e2e_intended_ms")?.mean,
    goodShare: answered + failed === 0 ? 0 : good / (answered + failed),
    isSaturated: target.isSaturated,
  });
}

/** What a sweep found of a target. @param shareMin of requests that are to be good, 0 to 1 */
export function sweepOf(runs: readonly BenchmarkRun[], name: string, shareMin: number): SweepFindings {
  return sweepFindings(
    runs.flatMap((run) => sweepPoint(run, name) ?? []),
    shareMin,
  );
}
