import { isDominant } from "#core/experiments/findings/dominance.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { UnitCounts } from "#core/experiments/units/unit-counts.ts";
import { independentUnits } from "./independent-units.ts";
import type { ResultRows } from "./result-rows.ts";

/** Units in several variants, as a share of all, from which the data are not those of an experiment. */
const mixedShareMax = 0.01;

/** Rows that are taken together, and what is independent of what among them. */
export interface Selection {
  /** The places of the rows, ascending. */
  readonly used: Uint32Array;
  /** Whether some cluster has several of all rows. */
  readonly repeats: boolean;
  /** Whether clusters have units in several variants, so that variants are not independent. */
  readonly sharesClusters: boolean;
  /** Whether rows count by the inverse of their propensity. */
  readonly isWeighted: boolean;
}

/** Which rows count, and what is independent of what: rows of units in several variants are not used. */
export interface Clustering extends Selection {
  /** What each row's unit is counted by, and of how many: the unit, or the cluster where that was assigned. */
  readonly counted: readonly number[];
  readonly members: number;
  readonly counts: UnitCounts;
  readonly findings: readonly Finding[];
}

/** Finds units and clusters that are where they should not be. */
export function clusteringOf(rows: ResultRows): Clustering {
  const all = Uint32Array.from(rows.unit.keys());
  const mixed = mixedMembers(rows, "unit", all);
  const used = mixed.size === 0 ? all : all.filter((row) => !mixed.has(rows.unit[row] ?? 0));
  const straddling = mixedMembers(rows, "cluster", used);
  // What is randomised is counted: the cluster, where each is in one variant.
  const counted = straddling.size === 0 ? "cluster" : "unit";
  const sizes = clusterSizes(rows, used);
  const weighted = isWeighted(rows);
  const counts = countsOf(rows, { counted: rows[counted], members: rows[`${counted}s`], used });
  const isWorthLess = straddling.size > 0 || weighted;
  return {
    used,
    counted: rows[counted],
    members: rows[`${counted}s`],
    counts: {
      ...counts,
      ...(isWorthLess && { independent: independentUnits(rows, { used, isWeighted: weighted }) }),
    },
    repeats: used.length > sizes.clusters,
    sharesClusters: straddling.size > 0,
    isWeighted: weighted,
    findings: [
      ...mixedFinding(mixed.size, rows.units),
      ...(straddling.size > 0 ? [straddlingFinding(straddling.size)] : []),
      ...repeatedFinding(rows, used.length, sizes.clusters),
      ...dominantFinding(used.length, sizes),
    ],
  };
}

/** Whether rows were assigned with different probabilities. */
export function isWeighted({ propensity, variant }: ResultRows): boolean {
  if (!propensity) return false;
  const first = new Map<number | undefined, number>();
  return propensity.some((probability, row) => {
    const known = first.get(variant[row]);
    if (known === undefined) first.set(variant[row], probability);
    return known !== undefined && known !== probability;
  });
}

/** Members whose rows stand in more than one variant. */
function mixedMembers(rows: ResultRows, kind: "unit" | "cluster", used: Uint32Array): ReadonlySet<number> {
  const first = new Int32Array(rows[`${kind}s`]).fill(-1);
  const mixed = new Set<number>();
  for (const row of used) {
    const member = rows[kind][row] ?? 0;
    const variant = rows.variant[row] ?? 0;
    if (first[member] === -1) first[member] = variant;
    else if (first[member] !== variant) mixed.add(member);
  }
  return mixed;
}

function countsOf(
  rows: ResultRows,
  {
    counted,
    members,
    used,
  }: { readonly counted: readonly number[]; readonly members: number; readonly used: Uint32Array },
): UnitCounts {
  const all = new Map<string, number>();
  const bySegment = new Map<string, Map<string, number>>();
  const seen = new Uint8Array(members);
  let [earliest, latest] = [Infinity, -Infinity];
  for (const row of used) {
    const member = counted[row] ?? 0;
    const time = rows.time?.[row] ?? Number.NaN;
    if (time < earliest) earliest = time;
    if (time > latest) latest = time;
    if (seen[member] === 1) continue;
    seen[member] = 1;
    const variant = rows.variants[rows.variant[row] ?? 0] ?? "";
    all.set(variant, (all.get(variant) ?? 0) + 1);
    // The segment of a unit is that of its first row.
    const segment = rows.segment?.names[rows.segment.of[row] ?? 0] ?? "";
    if (segment === "") continue;
    const counts = bySegment.get(segment) ?? new Map<string, number>();
    counts.set(variant, (counts.get(variant) ?? 0) + 1);
    bySegment.set(segment, counts);
  }
  const days = (latest - earliest) / 86_400_000;
  return { all, bySegment, ...(days >= 0 && { days }) };
}

/** How many clusters have rows, and how many rows the largest has. */
interface ClusterSizes {
  readonly clusters: number;
  readonly most: number;
}

function clusterSizes(rows: ResultRows, used: Uint32Array): ClusterSizes {
  const sizes = new Uint32Array(rows.clusters);
  let [clusters, most] = [0, 0];
  for (const row of used) {
    const cluster = rows.cluster[row] ?? 0;
    const size = (sizes[cluster] ?? 0) + 1;
    sizes[cluster] = size;
    if (size === 1) clusters++;
    if (size > most) most = size;
  }
  return { clusters, most };
}

function mixedFinding(mixed: number, units: number): readonly Finding[] {
  if (mixed === 0) return [];
  const share = mixed / units;
  const isBroken = share > mixedShareMax;
  const consequence = isBroken
    ? "assignment is not sticky, and no difference can be trusted"
    : "they are left out";
  const text = `${mixed} of ${units} units are in more than one variant: ${consequence}`;
  return [{ code: "mixed-units", severity: isBroken ? "invalid" : "warning", text }];
}

function straddlingFinding(clusters: number): Finding {
  const text = `${clusters} clusters have units in more than one variant: what variants share by them is taken into account`;
  return { code: "clusters-in-several-variants", severity: "note", text };
}

function repeatedFinding({ columns }: ResultRows, total: number, units: number): readonly Finding[] {
  if (columns.cluster !== undefined || total === units) return [];
  const text = `${units} units have ${total} rows: rows of one unit are not independent, and count as a cluster`;
  return [{ code: "repeated-units", severity: "note", text }];
}

/** Of the largest cluster, where clusters have several rows. */
function dominantFinding(total: number, { clusters, most }: ClusterSizes): readonly Finding[] {
  if (!isDominant({ most, total, members: clusters })) return [];
  const text = `One cluster has ${most} of ${total} rows (${Math.round((100 * most) / total)} %): a bot or a test client weighs on its variant`;
  return [{ code: "dominant-cluster", severity: "warning", text }];
}
