import { totalUnits, type UnitCounts } from "#core/experiments/units/unit-counts.ts";
import type { WeightedArm } from "#core/statistics/planned-arms.ts";
import { sampleRatioSequence } from "#core/statistics/sample-ratio-sequence.ts";
import { sampleRatio } from "#core/statistics/sample-ratio.ts";
import type { Finding } from "./finding.ts";

/** Below it the sizes of variants are no chance: what assigns or records them is broken. Fabijan et al. (2019) take the same. */
const ratioAlpha = 0.001;
/** Below it whoever reads should look. */
const ratioWarning = 0.01;
/** Units expected of each variant, below which the chi-square says nothing. */
const expectedMin = 8;

type Sizes = UnitCounts["all"];

/** Sizes that are held against the shares of the plan. */
interface Arrivals {
  readonly counts: UnitCounts;
  /**
   * Units as they came, none left out since, of what is looked at again and again: sizes are then tested so that the chance of a
   * false alarm holds over all looks. Absent where data are looked at once.
   */
  readonly arrived?: Sizes;
}

/** Where units do not come in their shares, in all or in one of several segments (Bonferroni). */
export function ratioFindings(
  shares: ReadonlyMap<string, number>,
  { counts, arrived }: Arrivals,
): readonly Finding[] {
  const isWatched = arrived !== undefined;
  const whole = ratioFinding(shares, { sizes: arrived ?? counts.all, isWatched, tests: 1 });
  const segments = [...counts.bySegment].flatMap(([segment, sizes]) =>
    ratioFinding(shares, { sizes, isWatched, tests: counts.bySegment.size, segment }),
  );
  return [...whole, ...segments];
}

/** One comparison of sizes with shares. */
interface RatioTest {
  readonly sizes: Sizes;
  readonly isWatched: boolean;
  /** How many there are of its kind. */
  readonly tests: number;
  /** Absent where it is of all units. */
  readonly segment?: string;
}

function ratioFinding(
  shares: ReadonlyMap<string, number>,
  { sizes, isWatched, tests, segment }: RatioTest,
): readonly Finding[] {
  const arms = [...shares].map(([variant, weight]) => ({ units: sizes.get(variant) ?? 0, weight }));
  const found = isWatched ? sampleRatioSequence(arms) : ratioOnce(arms, totalUnits(sizes));
  if (!found?.ok) return [];
  const pValue = Math.min(1, found.value.pValue * tests);
  if (pValue >= ratioWarning) return [];
  const told = [...shares.keys()].map((variant) => `${variant} ${sizes.get(variant) ?? 0}`).join(", ");
  const isBroken = pValue < ratioAlpha;
  const meaning = isBroken
    ? "assignment or recording is broken, and no difference can be trusted"
    : "watch it: below 0.001 no difference can be trusted";
  const where = segment === undefined ? "" : ` in segment ${segment}`;
  const when = isWatched ? ", however often one looks" : "";
  return [
    {
      code: segment === undefined ? "sample-ratio" : "segment-sample-ratio",
      severity: isBroken ? "invalid" : "warning",
      ...(segment !== undefined && { about: segment }),
      text: `Units do not come in their shares${where} (${told}; p = ${pValue.toPrecision(2)}${when}): ${meaning}`,
    },
  ];
}

function ratioOnce(arms: readonly WeightedArm[], units: number): ReturnType<typeof sampleRatio> | undefined {
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  if (arms.some(({ weight }) => (units * weight) / weights < expectedMin)) return undefined;
  return sampleRatio(arms);
}
