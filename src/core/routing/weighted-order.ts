import type { Deployment } from "./deployment.ts";
import { noStandings, type Standings } from "./standing.ts";

/**
 * The deployments of a pool in an order drawn by weight: each place is given with the probability weight / sum of the
 * weights still left. The one number is used for every place: where it falls inside the chosen piece is again uniform.
 * @param unit a number drawn uniformly from [0, 1)
 * @param standings weights in place of the configured ones
 */
export function weightedOrder(
  pool: readonly Deployment[],
  unit: number,
  standings: Standings = noStandings,
): readonly Deployment[] {
  if (pool.length === 1) return pool;
  const weightOf = ({ name, weight }: Deployment) => standings.get(name)?.weight ?? weight;
  const left = [...pool];
  const order: Deployment[] = [];
  let position = unit;
  while (left.length > 0) {
    const sum = left.reduce((total, one) => total + weightOf(one), 0);
    let at = position * sum;
    let index = 0;
    for (const one of left.slice(0, -1)) {
      if (at < weightOf(one)) break;
      at -= weightOf(one);
      index++;
    }
    const [next] = left.splice(index, 1);
    if (!next) break;
    order.push(next);
    position = Math.min(Math.max(at / weightOf(next), 0), 1 - Number.EPSILON);
  }
  return order;
}
