const firstMs = 5_000;
const longestMs = 6 * 3_600_000;
/** Each wait is so many times as long as the one before. */
const factor = 4;
/** How long a message is tried, ms: beyond it is given up. */
export const triedMsMax = 3 * 24 * 3_600_000;

/**
 * How long until a message is tried again: 5 s, 20 s, 80 s, ... up to 6 h, each up to a fifth shorter, so that those that failed
 * together do not come back together.
 * @param attempts made so far, at least 1
 * @param unit a number in [0, 1)
 */
export function deliveryDelayMs(attempts: number, unit: number): number {
  return Math.min(longestMs, firstMs * factor ** (attempts - 1)) * (1 - unit / 5);
}
