/** Who has so large a share of all weighs on every mean: a bot, a test client. */
const dominantShare = 0.05;

/**
 * Whether the largest of many outweighs the rest: it has several of all, and a twentieth or more. Of fewer than twenty members
 * each has about as much, which says nothing.
 */
export function isDominant({
  most,
  total,
  members,
}: {
  /** What the largest has, of `total`. */
  readonly most: number;
  readonly total: number;
  readonly members: number;
}): boolean {
  return most >= 2 && members >= 1 / dominantShare && most / total >= dominantShare;
}
