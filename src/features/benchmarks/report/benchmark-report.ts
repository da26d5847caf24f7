import {
  figureDifference,
  repeatedFigure,
  type FigureDifference,
  type RepeatedFigure,
} from "#core/benchmarks/repeated-figure.ts";
import type { SweepFindings } from "#core/benchmarks/sweep.ts";
import { keepsObjectives } from "../keeps-objectives.ts";
import type { BenchmarkTarget } from "../benchmark-schema.ts";
import type { PlannedBenchmark } from "../read-plan.ts";
import type { BenchmarkResult } from "../run-benchmark.ts";
import type { BenchmarkRun, TargetRun } from "../run-once.ts";
import { sweepOf } from "../sweep-point.ts";
import { keyFigures, type KeyFigure } from "./key-figures.ts";
import { figuresOf, type RunFigures } from "./run-figures.ts";

/** What a report is written from, whatever it is written in. */
export interface BenchmarkReport {
  readonly plan: PlannedBenchmark;
  readonly startedMs: number;
  /** Why the benchmark must not be believed; empty for a valid one. */
  readonly invalid: readonly string[];
  readonly keepsObjectives: boolean;
  readonly targets: readonly ReportedTarget[];
  readonly runs: readonly BenchmarkRun[];
}

/** One target's part. */
export interface ReportedTarget {
  readonly name: string;
  readonly target: BenchmarkTarget;
  readonly runs: readonly ReportedRun[];
  /** Over all runs; none of a sweep, whose runs are of different rates. */
  readonly overview: readonly (readonly [KeyFigure, RepeatedFigure])[];
  /** Against the first target; none of that one itself, and none of a sweep. */
  readonly differences: readonly (readonly [KeyFigure, FigureDifference])[];
  /** Of a sweep. */
  readonly sweep?: SweepFindings;
}

/** A target in one run. */
export interface ReportedRun {
  readonly rate?: number;
  readonly run: TargetRun;
  readonly figures: RunFigures;
}

/** A benchmark's report. */
export function benchmarkReport(result: BenchmarkResult): BenchmarkReport {
  const { plan, startedMs, runs } = result;
  const isSweep = plan.profile.kind === "sweep";
  const reported = Object.entries(plan.targets).map(([name, target]) => ({
    name,
    target,
    runs: runs.flatMap((run) => reportedRuns(run, name, target)),
  }));
  const [control] = reported;
  return {
    plan,
    startedMs,
    runs,
    invalid: [...new Set(runs.flatMap(invalidReasons))],
    keepsObjectives: keepsObjectives(result),
    targets: reported.map((one) => ({
      ...one,
      overview: isSweep ? [] : overviewOf(one.runs),
      differences: isSweep || !control || one === control ? [] : differencesOf(control.runs, one.runs),
      ...(isSweep && { sweep: sweepOf(runs, one.name, plan.slo_share) }),
    })),
  };
}

function invalidReasons({ rate, invalid }: BenchmarkRun): readonly string[] {
  return rate === undefined
    ? invalid
    : invalid.map((reason) => `at ${Number(rate.toPrecision(4))} requests/s ${reason}`);
}

function reportedRuns(
  { rate, targets }: BenchmarkRun,
  name: string,
  target: BenchmarkTarget,
): readonly ReportedRun[] {
  return targets
    .filter((run) => run.name === name)
    .map((run) => ({
      run,
      figures: figuresOf(run.measurement, target),
      ...(rate !== undefined && { rate }),
    }));
}

function overviewOf(runs: readonly ReportedRun[]): ReportedTarget["overview"] {
  return keyFigures.flatMap((figure) => {
    const repeated = repeatedFigure(valuesOf(runs, figure));
    return repeated ? [[figure, repeated] as const] : [];
  });
}

function differencesOf(
  control: readonly ReportedRun[],
  runs: readonly ReportedRun[],
): ReportedTarget["differences"] {
  return keyFigures.flatMap((figure) => {
    const difference = figureDifference(valuesOf(control, figure), valuesOf(runs, figure));
    return difference ? [[figure, difference] as const] : [];
  });
}

function valuesOf(runs: readonly ReportedRun[], { of }: KeyFigure): readonly number[] {
  return runs.flatMap(({ figures }) => of(figures) ?? []);
}
