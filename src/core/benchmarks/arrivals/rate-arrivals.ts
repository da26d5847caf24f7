import type { Arrival } from "./arrival.ts";

/** A stretch of time in which the rate goes evenly from one value to another. */
export interface RatePiece {
  readonly durationMs: number;
  /** Requests per second, >= 0, at its beginning and at its end. */
  readonly from: number;
  readonly to: number;
}

/**
 * Arrivals whose rate goes as the pieces say: an arrival wherever the expected number so far, N(t), the integral of the
 * rate, passes the next mark. Marks one apart (0, 1, 2, ...) make even arrivals; marks apart by exponential draws of mean 1
 * make a Poisson process with that rate (time rescaling: Brown et al. 2002, Neural Computation 14(2)).
 * @param unit numbers from [0, 1) for Poisson arrivals; absent for even ones
 */
export function* rateArrivals(pieces: readonly RatePiece[], unit?: () => number): Generator<Arrival> {
  const gap = unit ? () => -Math.log(1 - unit()) : () => 1;
  let mark = unit ? gap() : 0;
  let [startMs, counted] = [0, 0];
  for (const piece of pieces) {
    const expected = (((piece.from + piece.to) / 2) * piece.durationMs) / 1_000;
    for (; mark < counted + expected; mark += gap())
      yield { atMs: startMs + timeInMs(piece, mark - counted) };
    counted += expected;
    startMs += piece.durationMs;
  }
}

/**
 * Where in a piece the expected number reaches `count`: the t with from t + (to - from) t^2 / (2 T) = count, in the form that
 * does not cancel, t = 2 count / (from + sqrt(from^2 + 2 count (to - from) / T)), seconds.
 */
function timeInMs({ durationMs, from, to }: RatePiece, count: number): number {
  if (count <= 0) return 0;
  const slope = (to - from) / (durationMs / 1_000);
  return (2_000 * count) / (from + Math.sqrt(Math.max(0, from * from + 2 * count * slope)));
}

/**
 * Poisson arrivals as `vllm bench serve` makes them: a fixed number of them, their times stretched so that the last one is
 * at count / rate. The rate is met exactly, and the gaps are no longer independent.
 * @param unitOf begins the same numbers from [0, 1) anew: they are gone through twice, and kept nowhere
 */
export function* rescaledArrivals(
  { count, rate }: { readonly count: number; readonly rate: number },
  unitOf: () => () => number,
): Generator<Arrival> {
  let sum = 0;
  const first = unitOf();
  for (let drawn = 0; drawn < count; drawn++) sum -= Math.log(1 - first());
  const scale = ((count / rate) * 1_000) / sum;
  const again = unitOf();
  for (let drawn = 0, at = 0; drawn < count; drawn++) {
    at -= Math.log(1 - again());
    yield { atMs: at * scale };
  }
}
