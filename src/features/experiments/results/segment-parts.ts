import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { UnitGroup } from "#core/experiments/comparisons/segments.ts";
import type { Read } from "./mean-arms.ts";
import type { ResultStores } from "./result-stores.ts";
import { groupOf, partedMetrics, readParts } from "./unit-part-arms.ts";

/** Values of one tag that are compared, at most; units with others are one group. */
const valuesMax = 20;

/** What is asked of the segments of units. */
interface SegmentQuestion {
  readonly plan: AnalysisPlan;
  readonly units: Read["units"];
  readonly nowMs: number;
  /** The tags by whose values units are parted. */
  readonly tags: readonly string[];
}

/** Primary metrics by the values of each tag: each tag is read once, part by part. A group without a unit is left out. */
export async function segmentParts(
  stores: ResultStores,
  { plan, units, nowMs, tags }: SegmentQuestion,
): Promise<readonly UnitGroup[]> {
  const metrics = partedMetrics(plan);
  const groups: UnitGroup[] = [];
  for (const tag of tags) {
    const values = await stores.log.experimentSegments({ ...units, tag, limit: valuesMax });
    if (values.length === 0) continue;
    const read = await readParts(stores, { metrics, units, parts: { tag, values }, nowMs });
    const known = { metrics, read, unitsMin: plan.minimum.units };
    const by = `tags.${tag}`;
    const names = [...values.map((value) => `${by} = ${value}`), `${by}: any other, or none`];
    groups.push(
      ...names
        .map((name, part) => ({ name, by, ...groupOf(known, (one) => one === part) }))
        .filter(({ counts }) => counts.size > 0),
    );
  }
  return groups;
}
