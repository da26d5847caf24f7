import type { Interval } from "#core/statistics/interval.ts";
import { momentsOf } from "#core/statistics/moments.ts";
import { pairedTest } from "#core/statistics/paired-test.ts";
import { sampleOf } from "#core/statistics/sample.ts";

/** A figure over several runs. */
export interface RepeatedFigure {
  readonly mean: number;
  /** Holds the true mean in 95 of 100 benchmarks; absent below two runs, or where all gave the same. */
  readonly interval?: Interval;
}

const alpha = 0.05;

/**
 * The mean of a figure over runs, with Student's interval: runs are independent, requests of one run are not, since they
 * share a server's moods. Undefined without runs.
 */
export function repeatedFigure(values: readonly number[]): RepeatedFigure | undefined {
  const moments = momentsOf(values);
  if (!moments.ok || values.length === 0) return undefined;
  const sample = sampleOf(moments.value);
  const tested = sample.ok ? pairedTest({ differences: sample.value, alpha }) : sample;
  return { mean: moments.value.mean, ...(tested.ok && { interval: tested.value.interval }) };
}

/** How a figure of one target differs from that of the first one, in runs that both were in at the same time. */
export interface FigureDifference extends RepeatedFigure {
  /** Of the first target's mean; absent where that is 0. */
  readonly relative?: number;
  /** Whether the interval leaves 0 out. */
  readonly isSure: boolean;
}

/** The differences run by run, value - control, as a figure. Undefined unless both have a value of each run. */
export function figureDifference(
  control: readonly number[],
  values: readonly number[],
): FigureDifference | undefined {
  if (control.length !== values.length) return undefined;
  const figure = repeatedFigure(values.map((value, run) => value - (control[run] ?? 0)));
  const baseline = repeatedFigure(control)?.mean ?? 0;
  if (!figure) return undefined;
  const [lower, upper] = figure.interval ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    ...figure,
    ...(baseline !== 0 && { relative: figure.mean / baseline }),
    isSure: lower > 0 || upper < 0,
  };
}
