import type { BenchmarkResult } from "./run-benchmark.ts";
import { sweepOf } from "./sweep-point.ts";

/**
 * Whether each target kept the objectives: of all its requests as many were good as are wanted. A sweep keeps them where its
 * first rate does: it goes on until they break. Without objectives, answers are what is wanted.
 */
export function keepsObjectives({ plan, runs }: BenchmarkResult): boolean {
  return Object.keys(plan.targets).every((name) => {
    if (plan.profile.kind === "sweep") return sweepOf(runs, name, plan.slo_share).keptRate !== undefined;
    let [good, counted] = [0, 0];
    for (const target of runs.flatMap(({ targets }) => targets)) {
      if (target.name !== name) continue;
      good += target.measurement.good;
      counted += target.measurement.answered + target.measurement.failed;
    }
    return good >= plan.slo_share * counted;
  });
}
