import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { UnitGroup } from "#core/experiments/comparisons/segments.ts";
import { totalUnits } from "#core/experiments/units/unit-counts.ts";
import type { Clustering } from "./clusters.ts";
import { rowGroups } from "./row-groups.ts";
import { unitGroup } from "./unit-group.ts";
import type { ResultRows } from "./result-rows.ts";

/** Segments that are analysed, at most: more are no groups, but another column. */
const segmentsMax = 100;

/** The segments of a file, and what is to be said of their number. */
export interface SegmentGroups {
  /** From the first name to the last. Absent where the file has none. */
  readonly segments?: readonly UnitGroup[];
  readonly findings: readonly Finding[];
}

/** Primary metrics by the segments of units; a unit's segment is that of its first row. */
export function segmentGroups(
  rows: ResultRows,
  clustering: Clustering,
  plan: Pick<AnalysisPlan, "metrics">,
): SegmentGroups {
  const { segment } = rows;
  const { bySegment } = clustering.counts;
  if (!segment || bySegment.size === 0) return { findings: [] };
  const largest = [...bySegment]
    .map(([name, counts]) => ({ name, units: totalUnits(counts) }))
    .toSorted((a, b) => b.units - a.units)
    .slice(0, segmentsMax)
    .map(({ name }) => name)
    .toSorted();
  const places = new Map(segment.names.map((name, place) => [name, place]));
  const groups = rowGroups(clustering, segment.names.length, (row) => segment.of[row] ?? 0);
  return {
    segments: largest.map((name) => {
      const used = groups[places.get(name) ?? 0] ?? new Uint32Array();
      return unitGroup(rows, { ...clustering, used }, { name, counts: bySegment.get(name), plan });
    }),
    findings: bySegment.size > segmentsMax ? [manySegments(bySegment.size)] : [],
  };
}

function manySegments(segments: number): Finding {
  const text = `There are ${segments} segments: the ${segmentsMax} largest are compared, and a column with so many is often no group`;
  return { code: "many-segments", severity: "note", text };
}
