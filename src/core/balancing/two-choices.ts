/**
 * Two different items, drawn so that each is chosen in proportion to its weight where the contest between the two is
 * fair. For that item i must be in the pair with probability 2 w_i (w: its part of all weights), which drawing by weight
 * and then by weight among the rest does not give. Brewer's method does: the first is drawn in proportion to
 * w (1 - w) / (1 - 2 w), the second to w among the rest. An item with w >= 1/2 is in every pair, and is to be chosen
 * without a contest with probability 2 w - 1.
 * K. R. W. Brewer 1963, A model of systematic sampling with unequal probabilities, Australian Journal of Statistics 5.
 * Why two: M. Mitzenmacher 2001, The power of two choices in randomized load balancing, IEEE TPDS 12(10).
 */

/** Weights >= 0 of items by their index; 0 is never drawn. */
export type Weights = ArrayLike<number>;

/** The first of the two. The weights' sum must be above 0. */
export function firstOfTwo(weights: Weights, sum: number, draw: number): number {
  const heavy = indexOfHalf(weights, sum);
  if (heavy >= 0) return heavy;
  let chances = 0;
  for (let index = 0; index < weights.length; index++) chances += firstChance(weights[index] ?? 0, sum);
  let at = draw * chances;
  let last = -1;
  for (let index = 0; index < weights.length; index++) {
    const chance = firstChance(weights[index] ?? 0, sum);
    if (chance <= 0) continue;
    last = index;
    at -= chance;
    if (at < 0) break;
  }
  return last;
}

/** Whether the first, having more than half of all weight, is to be chosen without a contest. */
export function isUncontested(weight: number, sum: number, draw: number): boolean {
  return draw < (2 * weight) / sum - 1;
}

/** The second of the two, by weight among the others; -1 when there is none. */
export function secondOfTwo(weights: Weights, sum: number, first: number, draw: number): number {
  let at = draw * (sum - (weights[first] ?? 0));
  let last = -1;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] ?? 0;
    if (weight <= 0 || index === first) continue;
    last = index;
    at -= weight;
    if (at < 0) break;
  }
  return last;
}

function firstChance(weight: number, sum: number): number {
  return (weight * (sum - weight)) / (sum - 2 * weight);
}

/** The item that has half of all weight or more; -1 when none has. */
function indexOfHalf(weights: Weights, sum: number): number {
  for (let index = 0; index < weights.length; index++) if (2 * (weights[index] ?? 0) >= sum) return index;
  return -1;
}
