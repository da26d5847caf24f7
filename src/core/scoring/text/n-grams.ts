/** How often each n-gram of a text is there. */
export type NGrams = ReadonlyMap<string, number>;

/** The n-grams of a list of words. */
export function wordNGrams(words: readonly string[], n: number): NGrams {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= words.length; at++) {
    const key = words.slice(at, at + n).join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The n-grams of a list of characters, nothing between them. */
export function characterNGrams(characters: readonly string[], n: number): NGrams {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= characters.length; at++) {
    const key = characters.slice(at, at + n).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** How many n-grams there are, repeated ones as often as they are there. */
export function countOf(grams: NGrams): number {
  let sum = 0;
  for (const count of grams.values()) sum += count;
  return sum;
}

/** How many n-grams two texts share: of each as many as both have. */
export function sharedCount(grams: NGrams, others: NGrams): number {
  let sum = 0;
  for (const [gram, count] of grams) sum += Math.min(count, others.get(gram) ?? 0);
  return sum;
}
