/** The least whole number in [0, most] from which on a condition holds; `most` where it holds for none below. By halving. */
export function leastWhole(most: number, holds: (value: number) => boolean): number {
  let [from, to] = [0, most];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
