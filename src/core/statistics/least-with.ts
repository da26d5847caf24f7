/** The least number in a range from which on a condition holds, to rounding; it holds at the upper end. Bisection. */
export function leastWith(
  holds: (value: number) => boolean,
  range: { readonly low: number; readonly high: number },
): number {
  let { low, high } = range;
  for (let step = 0; step < 200 && high - low > 2 * Number.EPSILON * high; step++) {
    const middle = low + (high - low) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
