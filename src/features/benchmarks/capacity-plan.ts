import { deploymentsNeeded, traceDemand } from "#core/benchmarks/capacity.ts";
import { present } from "#core/kernel/present.ts";
import { readTrace, type TraceFormat } from "./read-trace.ts";

/** What capacity is planned for. */
export interface CapacityQuestion {
  readonly file: string;
  readonly format?: TraceFormat;
  /** Requests per second that one deployment bears. */
  readonly borneRatePerS: number;
  /** Bursts of this length are to be borne, ms. */
  readonly windowMs: number;
  /** Share of each deployment that is left free, in [0, 1). */
  readonly headroom: number;
  /** How many times more load there is to be than in the trace. */
  readonly speed: number;
}

/**
 * How many deployments the requests of a trace need, and how many requests and tokens a minute a quota has to allow.
 * @throws AppError `invalid-request` for a file that is no trace
 */
export async function capacityPlan(question: CapacityQuestion) {
  const { file, format, speed, windowMs, borneRatePerS, headroom } = question;
  const demand = traceDemand(await readTrace(file, present({ format, speed })), windowMs);
  return {
    requests: demand.requests,
    rate_per_s: digits(demand.ratePerS),
    peak_rate_per_s: digits(demand.peakRatePerS),
    peak_requests_per_minute: Math.ceil(60 * demand.peakRatePerS),
    peak_input_tokens_per_minute: Math.ceil(demand.peakInputTokensPerMinute),
    peak_output_tokens_per_minute: Math.ceil(demand.peakOutputTokensPerMinute),
    deployments: deploymentsNeeded(demand, { borneRatePerS, headroom }),
  };
}

function digits(value: number): number {
  return Number(value.toPrecision(4));
}
