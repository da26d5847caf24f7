const digestsMax = 50_000; // the digest asked about longest ago is forgotten first

/** Counts how often each digest was asked about, so that repeats of a request differ in id and pace. */
export function createOccurrences(): (requestDigest: string) => number {
  const counts = new Map<string, number>();
  return (requestDigest) => {
    const count = (counts.get(requestDigest) ?? 0) + 1;
    counts.delete(requestDigest);
    counts.set(requestDigest, count);
    const oldest = counts.keys().next().value;
    if (counts.size > digestsMax && oldest !== undefined) counts.delete(oldest);
    return count;
  };
}
