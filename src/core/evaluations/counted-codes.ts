/** How often a code came. */
export interface CountedCode {
  readonly code: string;
  readonly count: number;
}

/** Counts of codes, the most frequent first. */
export function countedCodes(codes: Iterable<string>): readonly CountedCode[] {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .toSorted((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
