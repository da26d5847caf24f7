import type { Clustering } from "./clusters.ts";

/**
 * The rows of units by groups: a unit with all of its rows is in the group of its first one.
 * @param groupOf the group of a row that is a unit's first, a number below `groups`
 */
export function rowGroups(
  { used, counted, members }: Pick<Clustering, "used" | "counted" | "members">,
  groups: number,
  groupOf: (row: number) => number,
): readonly Uint32Array[] {
  const groupOfMember = new Int32Array(members).fill(-1);
  const sizes = new Uint32Array(groups);
  for (const row of used) {
    const member = counted[row] ?? 0;
    if (groupOfMember[member] === -1) groupOfMember[member] = groupOf(row);
    const group = groupOfMember[member] ?? 0;
    sizes[group] = (sizes[group] ?? 0) + 1;
  }
  const rows = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(groups);
  for (const row of used) {
    const group = groupOfMember[counted[row] ?? 0] ?? 0;
    const place = filled[group] ?? 0;
    filled[group] = place + 1;
    const mine = rows[group];
    if (mine) mine[place] = row;
  }
  return rows;
}
