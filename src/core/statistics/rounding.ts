/** The sum of terms that may cancel, if it is above what rounding leaves of them; else 0: a variance that is none. Infinite where they are. */
export function sumAboveRounding(terms: readonly number[]): number {
  const sum = terms.reduce((total, term) => total + term, 0);
  const size = terms.reduce((total, term) => total + Math.abs(term), 0);
  if (size === Infinity) return sum;
  return sum <= 8 * Number.EPSILON * size ? 0 : sum;
}
