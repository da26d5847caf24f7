import { holdingTimers } from "#adapters/system/system-timers.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { watchProcess } from "#adapters/system/process-use.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import {
  runBenchmark,
  type BenchmarkResult,
  type BenchmarkSetting,
  type PlannedBenchmark,
} from "#features/benchmarks/index.ts";

/** Runs a benchmark from this process. */
export async function runBenchmarkHere(
  plan: PlannedBenchmark,
  setting: BenchmarkSetting,
): Promise<BenchmarkResult> {
  // As many connections as requests may be under way: the way out must not queue what the server could have had.
  await using upstream = new UndiciUpstream({ connectionsMax: plan.outstanding });
  const ports = { upstream, clock: systemClock, timers: holdingTimers, watchProcess };
  return await runBenchmark(plan, ports, setting);
}
