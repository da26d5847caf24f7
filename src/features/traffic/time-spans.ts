/** Widths in which requests are counted, s: minutes, hours and days, each starting at a whole one in UTC. */
export const resolutions = { minute: 60, hour: 3_600, day: 86_400 } as const;

/** One of them, in words. */
export type Resolution = keyof typeof resolutions;

/** A time that is read in one resolution, ms since 1970; both ends are whole ones of it. */
export interface TimeSpan {
  readonly resolution: Resolution;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The smallest time of whole minutes, hours or days around a time. */
export function wholeSpan(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  resolution: Resolution,
): TimeSpan {
  const stepMs = resolutions[resolution] * 1_000;
  return {
    resolution,
    fromMs: Math.floor(fromMs / stepMs) * stepMs,
    toMs: Math.ceil(toMs / stepMs) * stepMs,
  };
}

/**
 * A time as few counts as possible: whole days in its middle, whole hours around them, whole minutes at its ends. A
 * month is about 30 days, 47 hours and 119 minutes instead of 43,200 minutes. Together they are the time rounded out to
 * whole minutes; none overlaps another.
 */
export function spansOf(range: { readonly fromMs: number; readonly toMs: number }): readonly TimeSpan[] {
  return split(wholeSpan(range, "minute"), ["hour", "day"]);
}

/** The widest whole part in the coarser resolution, split further, and what is left of the span on both sides. */
function split(span: TimeSpan, coarser: readonly Resolution[]): readonly TimeSpan[] {
  if (span.toMs <= span.fromMs) return [];
  const [next, ...rest] = coarser;
  if (next === undefined) return [span];
  const stepMs = resolutions[next] * 1_000;
  const fromMs = Math.ceil(span.fromMs / stepMs) * stepMs;
  const toMs = Math.floor(span.toMs / stepMs) * stepMs;
  if (toMs <= fromMs) return [span];
  return [
    { ...span, toMs: fromMs },
    ...split({ resolution: next, fromMs, toMs }, rest),
    { ...span, fromMs: toMs },
  ].filter((part) => part.toMs > part.fromMs);
}
