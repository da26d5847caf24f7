import type { Deployment } from "./deployment.ts";

/**
 * The deployments of a pool in an order drawn by weight: each place is given with the probability weight / sum of the
 * weights still left. The one number is used for every place: where it falls inside the chosen piece is again uniform.
 * @param unit a number drawn uniformly from [0, 1)
 */
export function weightedOrder(pool: readonly Deployment[], unit: number): readonly Deployment[] {
  if (pool.length === 1) return pool;
  const left = [...pool];
  const order: Deployment[] = [];
  let position = unit;
  while (left.length > 0) {
    const sum = left.reduce((total, { weight }) => total + weight, 0);
    let at = position * sum;
    let index = 0;
    while (index < left.length - 1 && at >= (left[index]?.weight ?? 0)) at -= left[index++]?.weight ?? 0;
    const [next] = left.splice(index, 1);
    if (!next) break;
    order.push(next);
    position = Math.min(Math.max(at / next.weight, 0), 1 - Number.EPSILON);
  }
  return order;
}
