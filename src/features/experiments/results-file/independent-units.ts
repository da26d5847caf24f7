import type { ResultRows } from "./result-rows.ts";

/** As how many independent units of one weight the clusters of each variant count: (sum w)^2 / sum w^2 (Kish 1965). */
export function independentUnits(
  rows: ResultRows,
  { used, isWeighted }: { readonly used: Uint32Array; readonly isWeighted: boolean },
): ReadonlyMap<string, number> {
  const weights = rows.variants.map(() => new Map<number, number>());
  for (const row of used) {
    const cluster = rows.cluster[row] ?? 0;
    const known = weights[rows.variant[row] ?? 0];
    // Without weights a cluster counts once, whatever its rows: there may be many for no reason of the assignment.
    const weight = isWeighted ? 1 / (rows.propensity?.[row] ?? 1) : 1;
    known?.set(cluster, isWeighted ? (known.get(cluster) ?? 0) + weight : 1);
  }
  return new Map(rows.variants.map((name, variant) => [name, kish(weights[variant]?.values() ?? [])]));
}

function kish(weights: Iterable<number>): number {
  const all = [...weights];
  // In units of the largest, as squares of huge weights would not fit a number.
  const largest = all.reduce((most, weight) => Math.max(most, weight), 0);
  if (largest === Infinity) return 1;
  let [sum, squares] = [0, 0];
  for (const weight of all) {
    const share = weight / largest;
    sum += share;
    squares += share * share;
  }
  return squares === 0 ? 0 : sum * (sum / squares);
}
