import { momentsByVariant } from "#features/traffic/exposures/experiment-moments.memory.ts";
import type { VariantMoments } from "#features/traffic/exposures/experiment-moments.ts";
import { passes, ratedUnits, type Known, type Rating } from "./feedback-moments.memory.ts";
import type { FeedbackFilter } from "./feedback-moments.ts";
import type { JudgedMomentsQuery } from "./judged-moments.ts";

/** What a judge and humans said of each unit, in the order of `judgedVariables`, as Postgres gives it. */
export function memoryJudgedMoments(
  known: Known,
  { judge, human, ...query }: JudgedMomentsQuery,
): readonly VariantMoments[] {
  return momentsByVariant(
    ratedUnits(known, query).map(({ unit, ratings }) => ({
      variant: unit.variant,
      values: valuesOf(
        [...Map.groupBy(ratings, requestOf).values()].flatMap((of) => {
          const [judged, label] = [meanOf(of, judge), meanOf(of, human)];
          return judged === undefined ? [] : [{ judged, label }];
        }),
      ),
    })),
  );
}

/** The request that is rated; undefined where the unit as a whole is. */
function requestOf({ said: { subject } }: Rating): string | undefined {
  return subject.kind === "request" ? subject.id : undefined;
}

/** Something that a judge said something about, and humans perhaps. */
interface Output {
  readonly judged: number;
  readonly label: number | undefined;
}

function valuesOf(outputs: readonly Output[]): readonly number[] {
  const rest = outputs.flatMap(({ judged, label }) => (label === undefined ? [judged] : []));
  const seen = outputs.flatMap(({ judged, label }) => (label === undefined ? [] : [{ judged, label }]));
  const said = outputs.flatMap(({ judged, label }) => (label === undefined ? [judged] : [judged, label]));
  return [
    seen.length,
    summed(seen.map(({ label }) => label)),
    summed(seen.map(({ judged }) => judged)),
    summed(seen.map(({ judged, label }) => judged * label)),
    rest.length,
    summed(rest),
    Math.min(1, seen.length),
    said.filter((value) => value !== 0 && value !== 1).length,
  ];
}

function meanOf(ratings: readonly Rating[], filter: FeedbackFilter): number | undefined {
  const values = ratings.flatMap((one) =>
    one.value !== undefined && passes(one, filter) ? [one.value] : [],
  );
  return values.length === 0 ? undefined : summed(values) / values.length;
}

function summed(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
