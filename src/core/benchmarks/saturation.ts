import { studentQuantile } from "#core/statistics/special-functions.ts";

/** What was seen over a short while of a run. */
export interface LoadWindow {
  /** Middle of the window, from the beginning of the run, ms. */
  readonly atMs: number;
  /** Requests under way and waiting, mean over the window. */
  readonly concurrency: number;
  /** Mean time to the first token of those that had it in the window, ms; absent where none had. */
  readonly firstTokenMs?: number;
}

/** How a series goes over time. */
export interface Trend {
  /** Per second. */
  readonly slope: number;
  /** Half of the interval of the slope, per second. */
  readonly margin: number;
}

/** Fewer windows than this say nothing of a trend. */
export const windowsMin = 5;

/** Error rate of each of the two trends, on their upper side. */
const alpha = 0.025;

/** Less growth than this share of the mean over the whole time is none that matters, however sure it is. */
const growthMin = 0.2;

/**
 * Whether a run is over what the server bears: the number of requests under way and the time to the first token both grow,
 * each for sure (the slope of a line through the windows is above 0 by more than its margin) and by more than a fifth of its
 * mean. One alone is no sign: a ramp raises the first, a cold cache lowers the second. After the idea of GuideLLM's
 * over-saturation detection.
 */
export function isSaturated(windows: readonly LoadWindow[]): boolean {
  return (
    grows(windows.map(({ atMs, concurrency }) => [atMs, concurrency] as const)) &&
    grows(
      windows.flatMap(({ atMs, firstTokenMs }) =>
        firstTokenMs === undefined ? [] : [[atMs, firstTokenMs] as const],
      ),
    )
  );
}

type Point = readonly [atMs: number, value: number];

function grows(points: readonly Point[]): boolean {
  const trend = trendOf(points);
  const [first, last] = [points[0], points.at(-1)];
  if (!trend || !first || !last) return false;
  const mean = points.reduce((sum, [, value]) => sum + value, 0) / points.length;
  const growth = (trend.slope * (last[0] - first[0])) / 1_000;
  return trend.slope > trend.margin && growth > growthMin * mean;
}

/**
 * The line of least squares through points in time: b = sum((t - tm)(v - vm)) / sum((t - tm)^2), its margin
 * t(1 - alpha, n - 2) sqrt(sum(residual^2) / (n - 2) / sum((t - tm)^2)). Undefined below `windowsMin` points, or where all are
 * of one moment.
 */
export function trendOf(points: readonly Point[]): Trend | undefined {
  if (points.length < windowsMin) return undefined;
  const count = points.length;
  const seconds = points.map(([atMs]) => atMs / 1_000);
  const meanTime = seconds.reduce((sum, second) => sum + second, 0) / count;
  const mean = points.reduce((sum, [, value]) => sum + value, 0) / count;
  let [spread, together] = [0, 0];
  for (const [place, [, value]] of points.entries()) {
    const away = (seconds[place] ?? 0) - meanTime;
    spread += away * away;
    together += away * (value - mean);
  }
  if (spread === 0) return undefined;
  const slope = together / spread;
  let residuals = 0;
  for (const [place, [, value]] of points.entries())
    residuals += (value - mean - slope * ((seconds[place] ?? 0) - meanTime)) ** 2;
  const margin = -studentQuantile(alpha, count - 2) * Math.sqrt(residuals / (count - 2) / spread);
  return { slope, margin };
}
