import { allMetrics } from "#core/benchmarks/metrics/all-metrics.ts";
import type { MetricDefinition } from "#core/benchmarks/metrics/metric-definition.ts";
import type { LogLinearHistogram } from "#core/benchmarks/log-linear-histogram.ts";
import type { Measurement } from "#core/benchmarks/measurement.ts";
import { picoPerDollar } from "#core/pricing/money.ts";
import type { BenchmarkTarget } from "../benchmark-schema.ts";

/** A metric over many requests. */
export interface MetricFigures {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p99_9: number;
  readonly max: number;
}

/** What a target's requests came to in a run, as numbers. */
export interface RunFigures {
  readonly answered: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly durationS: number;
  readonly requestsPerS: number;
  readonly inputTokensPerS: number;
  readonly outputTokensPerS: number;
  /** Of requests that were answered or failed; absent without any. */
  readonly goodShare?: number;
  /** Goodput: good requests per second. */
  readonly goodPerS: number;
  /** By the metric's id. */
  readonly metrics: ReadonlyMap<string, MetricFigures>;
  readonly gatewayMs?: MetricFigures;
  /** US dollars of answered requests; absent where they are not known. */
  readonly costUsd?: number;
  /** Tokens generated, all requests together. */
  readonly outputTokens: number;
}

/** The figures of a measurement. */
export function figuresOf(measurement: Measurement, target: BenchmarkTarget): RunFigures {
  const { answered, failed, cancelled, good, durationMs } = measurement;
  const durationS = durationMs / 1_000;
  const perSecond = (count: number): number => (durationS === 0 ? 0 : count / durationS);
  const [input, output] = [tokensOf(measurement, "input_tokens"), tokensOf(measurement, "output_tokens")];
  const gatewayMs = metricFigures(measurement.gatewayMs, "ms");
  const costUsd = costOf(measurement, target, { input, output });
  return {
    answered,
    failed,
    cancelled,
    durationS,
    requestsPerS: perSecond(answered),
    inputTokensPerS: perSecond(input),
    outputTokensPerS: perSecond(output),
    goodPerS: perSecond(good),
    outputTokens: output,
    metrics: new Map(
      allMetrics.flatMap(({ id, unit }): readonly [string, MetricFigures][] => {
        const figures = metricFigures(measurement.metrics.get(id), unit);
        return figures ? [[id, figures]] : [];
      }),
    ),
    ...(answered + failed > 0 && { goodShare: good / (answered + failed) }),
    ...(gatewayMs && { gatewayMs }),
    ...(costUsd !== undefined && { costUsd }),
  };
}

/** A histogram's figures, as exact as they are; undefined without values. */
function metricFigures(
  histogram: LogLinearHistogram | undefined,
  unit: MetricDefinition["unit"],
): MetricFigures | undefined {
  if (!histogram || histogram.count === 0) return undefined;
  const digits = (value: number): number => (unit === "tokens" ? Math.round(value) : rounded(value));
  const at = (share: number): number => digits(histogram.quantile(share) ?? 0);
  return {
    count: histogram.count,
    mean: rounded(histogram.mean ?? 0),
    deviation: rounded(histogram.deviation ?? 0),
    min: digits(histogram.min ?? 0),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p99_9: at(0.999),
    max: digits(histogram.max ?? 0),
  };
}

function tokensOf({ metrics }: Measurement, id: string): number {
  return metrics.get(id)?.sum ?? 0;
}

/** As each answer told, else by the prices; undefined where neither is known, or tokens were not told. */
function costOf(
  measurement: Measurement,
  { prices }: BenchmarkTarget,
  { input, output }: { readonly input: number; readonly output: number },
): number | undefined {
  if (measurement.toldCostUsd !== undefined) return measurement.toldCostUsd;
  if (!prices || measurement.metrics.get("input_tokens")?.count !== measurement.answered) return undefined;
  return (input * prices.input + output * prices.output) / picoPerDollar;
}

/** Six digits: more are beyond what a clock is worth. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
