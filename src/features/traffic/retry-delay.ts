/** Waits after a failed write: the first, doubled each time up to the last, ms. */
const retryMsMin = 200;
const retryMsMax = 10_000;

/**
 * How long to wait after some failures in a row: doubles with each up to a limit, and spreads replicas over the upper
 * half of it.
 * @param failures in a row, at least 1
 * @param chance in [0, 1)
 */
export function retryDelayMs(failures: number, chance: number): number {
  const full = Math.min(retryMsMin * 2 ** (failures - 1), retryMsMax);
  return full * (0.5 + chance / 2);
}
