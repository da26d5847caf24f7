/** Counts of two answers, or of two groups of answers, together. */
export function addedCounts(counts: readonly number[], others: readonly number[]): readonly number[] {
  const [longer, shorter] = counts.length >= others.length ? [counts, others] : [others, counts];
  return longer.map((count, index) => count + (shorter[index] ?? 0));
}
