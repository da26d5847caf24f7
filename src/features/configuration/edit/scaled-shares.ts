import { shareText } from "#core/kernel/share.ts";

/** How finely shares are written: four digits after the point of a percentage. */
const unitsOfAll = 1_000_000;

/**
 * Makes room for one more share among others, each of which keeps its relation to the rest as nearly as can be written.
 * What rounding leaves over goes to those that lost most by it, so that all together are 100% exactly.
 * @param shares the others, >= 0, together about 1
 * @param taken the share that is to be had, in (0, 1]
 * @returns the others and the taken one, as they are written
 */
export function scaledShares(
  shares: readonly number[],
  taken: number,
): { readonly others: readonly string[]; readonly taken: string } {
  const takenUnits = Math.min(unitsOfAll, Math.max(1, Math.round(taken * unitsOfAll)));
  const left = unitsOfAll - takenUnits;
  const sum = shares.reduce((total, share) => total + share, 0);
  const exact = shares.map((share) => (sum === 0 ? 0 : (share / sum) * left));
  const units = exact.map(Math.floor);
  const missing = left - units.reduce((total, unit) => total + unit, 0);
  const byLoss = [...exact.keys()].toSorted((one, other) => lossAt(exact, other) - lossAt(exact, one));
  for (const at of byLoss.slice(0, missing)) units[at] = (units[at] ?? 0) + 1;
  return { others: units.map(unitsText), taken: unitsText(takenUnits) };
}

function lossAt(exact: readonly number[], at: number): number {
  return (exact[at] ?? 0) % 1;
}

function unitsText(units: number): string {
  return shareText(units / unitsOfAll);
}
