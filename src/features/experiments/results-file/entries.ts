import type { Clustering } from "./clusters.ts";
import type { ResultRows } from "./result-rows.ts";

/** When each unit came: the earliest time of its rows in ms since 1970, NaN where none is told. Undefined where no row tells one. */
export function entriesOf(
  { time }: Pick<ResultRows, "time">,
  { used, counted, members }: Pick<Clustering, "used" | "counted" | "members">,
): Float64Array | undefined {
  if (!time) return undefined;
  const entries = new Float64Array(members).fill(Number.NaN);
  let isKnown = false;
  for (const row of used) {
    const member = counted[row] ?? 0;
    const at = time[row] ?? Number.NaN;
    const known = entries[member] ?? Number.NaN;
    if (Number.isNaN(at) || at >= known) continue;
    entries[member] = at;
    isKnown = true;
  }
  return isKnown ? entries : undefined;
}
