import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { CrossMoments } from "#core/statistics/cross-moments.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import type { MetricArms } from "./metric-arm.ts";
import { hasFewEvents } from "./pair.ts";

/** Units of each variant that a stratum has at least: smaller ones are taken together, as are units of none. */
export const stratumUnitsMin = 20;
/** Strata, at most: more are no groups, but another column. */
const strataMax = 100;
/** Names of strata that a sentence lists. */
const listedMax = 5;

/** Units of one name, as they were parted. */
export interface StratumCounts {
  /** "" where nothing tells. */
  readonly name: string;
  /** Units of each variant, in one order. */
  readonly units: readonly number[];
}

/** Some of them, taken together. */
export interface JoinedStratum {
  readonly name: string;
  /** Their places among what was joined. */
  readonly places: readonly number[];
}

/** Those with enough units of each variant, and last what is left, where that is enough; else it goes with the one before. */
export function joinedStrata(all: readonly StratumCounts[]): readonly JoinedStratum[] {
  const large = all.flatMap(({ name, units }, place) =>
    name !== "" && isEnough(units) ? [{ name, places: [place] }] : [],
  );
  const kept = new Set(large.flatMap(({ places }) => places));
  const rest = [...all.keys()].filter((place) => !kept.has(place));
  const restUnits = (all[0]?.units ?? []).map((_, variant) =>
    rest.reduce((sum, place) => sum + (all[place]?.units[variant] ?? 0), 0),
  );
  if (restUnits.every((units) => units === 0)) return large;
  if (isEnough(restUnits)) return [...large, { name: "the rest", places: rest }];
  return large.map((stratum, place) =>
    place < large.length - 1
      ? stratum
      : { name: `${stratum.name} with the rest`, places: [...stratum.places, ...rest] },
  );
}

function isEnough(units: readonly number[]): boolean {
  return units.every((count) => count >= stratumUnitsMin);
}

/** A stratum with what each variant's units have in it: denominators (x, 1 each of a mean) and numerators (y). */
export interface NamedStratum {
  readonly name: string;
  readonly arms: ReadonlyMap<string, CrossMoments>;
}

/** A metric inside strata; or why it is compared as it stands. */
export function stratifiedArms(
  arms: MetricArms,
  strata: readonly NamedStratum[],
  variants: readonly string[],
): Result<MetricArms, string> {
  const problem = strataProblem(strata.length) ?? refusalOf(arms) ?? fewEvents(arms);
  if (problem !== undefined) return failed(problem);
  const lacking = strata.find((stratum) => !isWhole(stratum, variants));
  if (lacking) return failed(`nothing varies in a variant of stratum ${lacking.name}`);
  return ok({ ...arms, adjusted: { by: "strata", strata: strata.map(({ arms: of }) => of) } });
}

/** What is wrong with so many strata. */
export function strataProblem(count: number): string | undefined {
  if (count > strataMax) return `there are ${count} strata: a column with so many is often no group`;
  if (count < 2) return `there are not two strata with ${stratumUnitsMin} units of each variant`;
  return undefined;
}

function refusalOf({ arms }: MetricArms): string | undefined {
  return [...arms.values()].find(({ refusal }) => refusal)?.refusal?.reason;
}

/** A normal test of few events is too sure, the more so of those in each stratum. */
function fewEvents({ arms }: MetricArms): string | undefined {
  const few = [...arms.values()].find(hasFewEvents);
  return few && `${few.variant} has too few events, or too few without one, to share them out`;
}

function isWhole({ arms }: NamedStratum, variants: readonly string[]): boolean {
  return variants.every((variant) => {
    const moments = arms.get(variant);
    const sample = moments && ratioSample(moments);
    return sample?.ok === true && sample.value.variance > 0;
  });
}

/** Names of strata for a sentence. */
export function strataText(strata: readonly Pick<NamedStratum, "name">[]): string {
  const listed = strata
    .slice(0, listedMax)
    .map(({ name }) => name)
    .join(", ");
  return `${strata.length} strata (${listed}${strata.length > listedMax ? " and others" : ""})`;
}
