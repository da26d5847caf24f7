import type { Arrival } from "./arrivals/arrival.ts";

/** What a trace asks for at once. */
export interface TraceDemand {
  /** Requests of the trace. */
  readonly requests: number;
  /** Requests per second, mean over the trace. */
  readonly ratePerS: number;
  /** Of the busiest window: requests per second, tokens in and out per minute. */
  readonly peakRatePerS: number;
  readonly peakInputTokensPerMinute: number;
  readonly peakOutputTokensPerMinute: number;
}

/**
 * The demand of a trace. The busiest window is looked for from each arrival on, so that no bound of a window cuts a burst in
 * two; the three peaks may be of different windows.
 * @param windowMs how long a burst has to last to count; shorter ones wait
 */
export function traceDemand(trace: readonly Arrival[], windowMs: number): TraceDemand {
  let [first, input, output] = [0, 0, 0];
  let [peakRequests, peakInput, peakOutput] = [0, 0, 0];
  for (const [last, arrival] of trace.entries()) {
    input += arrival.size?.inputTokens ?? 0;
    output += arrival.size?.outputTokens ?? 0;
    for (let start = trace[first]; start && start.atMs <= arrival.atMs - windowMs; start = trace[++first]) {
      input -= start.size?.inputTokens ?? 0;
      output -= start.size?.outputTokens ?? 0;
    }
    peakRequests = Math.max(peakRequests, last - first + 1);
    peakInput = Math.max(peakInput, input);
    peakOutput = Math.max(peakOutput, output);
  }
  const lengthMs = Math.max(windowMs, trace.at(-1)?.atMs ?? 0);
  const perMinute = 60_000 / windowMs;
  return {
    requests: trace.length,
    ratePerS: (1_000 * trace.length) / lengthMs,
    peakRatePerS: (1_000 * peakRequests) / windowMs,
    peakInputTokensPerMinute: peakInput * perMinute,
    peakOutputTokensPerMinute: peakOutput * perMinute,
  };
}

/**
 * How many deployments bear the peak of a trace: ceil(peak / (what one bears x (1 - headroom))).
 * @param borneRatePerS requests per second that one deployment bears with its objectives kept, as a sweep finds it
 * @param headroom share of each deployment that is left free, in [0, 1): one that fails leaves its load to the others
 */
export function deploymentsNeeded(
  { peakRatePerS }: Pick<TraceDemand, "peakRatePerS">,
  { borneRatePerS, headroom }: { readonly borneRatePerS: number; readonly headroom: number },
): number {
  return Math.max(1, Math.ceil(peakRatePerS / (borneRatePerS * (1 - headroom))));
}
