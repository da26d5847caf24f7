import type { Finding } from "#core/experiments/finding.ts";
import type { UnitCounts } from "#core/experiments/unit-counts.ts";
import type { ResultRows } from "./result-rows.ts";

/** Units in several variants, as a share of all, from which the data are not those of an experiment. */
const mixedShareMax = 0.01;
/** A cluster with so large a share of the rows weighs on everything: a bot, a test client. */
const dominantShare = 0.05;

/** Which rows count, and what is independent of what. */
export interface Clustering {
  /** Whether a row is used: rows of units in several variants are not. */
  readonly used: readonly boolean[];
  readonly counts: UnitCounts;
  readonly clusters: number;
  /** Whether clusters have units in several variants, so that variants are not independent. */
  readonly sharesClusters: boolean;
  readonly findings: readonly Finding[];
}

/** Finds units and clusters that are where they should not be. */
export function clusteringOf(rows: ResultRows): Clustering {
  const mixed = mixedMembers(rows.unit, rows.variant);
  const used = rows.unit.map((unit) => !mixed.has(unit));
  const straddling = mixedMembers(rows.cluster, rows.variant, used);
  const clustered = rows.columns.cluster !== undefined;
  // What is randomised is counted: the cluster, where each is in one variant.
  const counted = clustered && straddling.size === 0 ? rows.cluster : rows.unit;
  return {
    used,
    counts: countsOf(rows, { counted, used }),
    clusters: 1 + rows.cluster.reduce((most, cluster) => Math.max(most, cluster), -1),
    sharesClusters: straddling.size > 0,
    findings: [
      ...mixedFinding(mixed.size, rows.units),
      ...(straddling.size > 0 ? [straddlingFinding(straddling.size)] : []),
      ...repeatedFinding(rows, used),
      ...dominantFinding(rows, used),
    ],
  };
}

/** Members whose rows stand in more than one variant. */
function mixedMembers(
  member: readonly number[],
  variant: readonly number[],
  used?: readonly boolean[],
): ReadonlySet<number> {
  const first = new Map<number, number | undefined>();
  const mixed = new Set<number>();
  for (const [row, name] of member.entries()) {
    if (used?.[row] === false) continue;
    if (!first.has(name)) first.set(name, variant[row]);
    else if (first.get(name) !== variant[row]) mixed.add(name);
  }
  return mixed;
}

function countsOf(
  rows: ResultRows,
  { counted, used }: { readonly counted: readonly number[]; readonly used: readonly boolean[] },
): UnitCounts {
  const all = new Map<string, number>();
  const bySegment = new Map<string, Map<string, number>>();
  const seen = new Set<number>();
  let [earliest, latest] = [Infinity, -Infinity];
  for (const [row, member] of counted.entries()) {
    if (used[row] === false) continue;
    const time = rows.time?.[row] ?? Number.NaN;
    if (time < earliest) earliest = time;
    if (time > latest) latest = time;
    if (seen.has(member)) continue;
    seen.add(member);
    const variant = rows.variants[rows.variant[row] ?? 0] ?? "";
    all.set(variant, (all.get(variant) ?? 0) + 1);
    // The segment of a unit is that of its first row.
    const segment = rows.segment?.[row] ?? "";
    if (segment === "") continue;
    const counts = bySegment.get(segment) ?? new Map<string, number>();
    counts.set(variant, (counts.get(variant) ?? 0) + 1);
    bySegment.set(segment, counts);
  }
  const days = (latest - earliest) / 86_400_000;
  return { all, bySegment, ...(days >= 0 && { days }) };
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

function repeatedFinding(rows: ResultRows, used: readonly boolean[]): readonly Finding[] {
  if (rows.columns.cluster !== undefined) return [];
  const total = used.filter(Boolean).length;
  const units = new Set(rows.unit.filter((_, row) => used[row])).size;
  if (total === units) return [];
  const text = `${units} units have ${total} rows: rows of one unit are not independent, and count as a cluster`;
  return [{ code: "repeated-units", severity: "note", text }];
}

/** Of the largest cluster, where clusters have several rows. */
function dominantFinding(rows: ResultRows, used: readonly boolean[]): readonly Finding[] {
  const sizes = new Map<number, number>();
  let [total, most] = [0, 0];
  for (const [row, cluster] of rows.cluster.entries()) {
    if (!used[row]) continue;
    const size = (sizes.get(cluster) ?? 0) + 1;
    sizes.set(cluster, size);
    total++;
    most = Math.max(most, size);
  }
  if (most < 2 || sizes.size < 1 / dominantShare || most / total < dominantShare) return [];
  const text = `One cluster has ${most} of ${total} rows (${Math.round((100 * most) / total)} %): a bot or a test client weighs on its variant`;
  return [{ code: "dominant-cluster", severity: "warning", text }];
}
