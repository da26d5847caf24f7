import {
  exposedUnits,
  momentsByVariant,
  unitSum,
  unitsOf,
  type ExposedUnit,
} from "#features/traffic/exposures/experiment-moments.memory.ts";
import type { VariantMoments } from "#features/traffic/exposures/experiment-moments.ts";
import { quantileByVariant } from "#features/traffic/exposures/experiment-quantile.memory.ts";
import type { PhaseQuery } from "#features/traffic/exposures/experiment-periods.ts";
import type { VariantQuantile } from "#features/traffic/exposures/experiment-quantile.ts";
import { requestTimeMs } from "#core/kernel/request-id.ts";
import type { TimeRange } from "#features/traffic/time-range.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import { partOf } from "#features/traffic/exposures/unit-parts.ts";
import {
  ratedNamesMax,
  type FeedbackFilter,
  type FeedbackMomentsQuery,
  type FeedbackQuantileQuery,
  type FeedbackSum,
  type RatedName,
} from "./feedback-moments.ts";
import type { Feedback } from "./feedback.ts";

/** What was said, and the log of the requests. */
export interface Known {
  readonly feedback: readonly Feedback[];
  readonly records: readonly RequestRecord[];
}

/** Something that counts for a unit. */
export interface Rating {
  readonly unit: ExposedUnit;
  readonly said: Feedback;
  /** The score, else the outcome; undefined where it has neither. */
  readonly value: number | undefined;
}

/** What units did and what was said about them, as Postgres gives it. */
export function memoryFeedbackMoments(known: Known, query: FeedbackMomentsQuery): readonly VariantMoments[] {
  const { measures = [], sums, parts } = query;
  return momentsByVariant(
    ratedUnits(known, query).map(({ unit, ratings }) => ({
      variant: unit.variant,
      ...(parts && { part: partOf(parts, unit) }),
      values: [
        ...measures.map((measure) => unitSum(unit, measure)),
        ...sums.map((sum) => summed(ratings, sum, query)),
      ],
    })),
  );
}

/** A quantile of what was said, as Postgres gives it. */
export function memoryFeedbackQuantile(
  known: Known,
  query: FeedbackQuantileQuery,
): readonly VariantQuantile[] {
  return quantileByVariant(
    ratedUnits(known, query).map(({ unit, ratings }) => ({
      variant: unit.variant,
      values: ratings.flatMap((rating) =>
        rating.value !== undefined && passes(rating, query) ? [rating.value] : [],
      ),
    })),
    query,
  );
}

/** What there is, by name, as Postgres gives it. */
export function memoryFeedbackNames({ feedback, records }: Known, query: PhaseQuery): readonly RatedName[] {
  const ratings = ratingsOf(feedback, exposedUnits(records, query.experiment), query).filter(
    ({ value }) => value !== undefined,
  );
  return [...Map.groupBy(ratings, ({ said }) => said.name)]
    .map(([name, of]) => ({ name, ratings: of.length, units: new Set(of.map(({ unit }) => unit)).size }))
    .toSorted((one, other) => other.ratings - one.ratings || (one.name < other.name ? -1 : 1))
    .slice(0, ratedNamesMax);
}

/** The units that are asked for, with what was said about each in the time that counts. */
export function ratedUnits(
  { feedback, records }: Known,
  { window, ...query }: Omit<FeedbackMomentsQuery, "sums" | "measures">,
): readonly { readonly unit: ExposedUnit; readonly ratings: readonly Rating[] }[] {
  const said = ratingsOf(feedback, exposedUnits(records, query.experiment), query);
  const byUnit = Map.groupBy(said, ({ unit }) => keyOf(unit));
  const length = window?.lengthMs ?? Infinity;
  return unitsOf(records, query)
    .filter((unit) => window === undefined || unit.firstAtMs + window.lengthMs <= window.nowMs)
    .map((unit) => {
      const ratings = (byUnit.get(keyOf(unit)) ?? []).filter(
        (one) => one.said.atMs < unit.firstAtMs + length,
      );
      return { unit, ratings };
    });
}

function keyOf({ variant, unit }: ExposedUnit): string {
  return JSON.stringify([variant, unit]);
}

function summed(
  ratings: readonly Rating[],
  sum: FeedbackSum,
  { without = [] }: Pick<FeedbackMomentsQuery, "without">,
): number {
  const { of, valueMax = Infinity, unitMax = Infinity } = sum;
  const counting = ratings.filter((rating) => passes(rating, sum));
  const total =
    of === "requests"
      ? ratedRequests(counting, without)
      : counting.reduce((before, rating) => before + addedBy(rating, of, valueMax), 0);
  return Math.min(total, unitMax);
}

/** Of how many requests something was said, those aside that came at some times. */
function ratedRequests(ratings: readonly Rating[], without: readonly TimeRange[]): number {
  const requests = ratings.flatMap(({ said: { subject } }) => (subject.kind === "request" ? subject.id : []));
  const isLeft = (id: string) => {
    const timeMs = requestTimeMs(id) ?? 0;
    return !without.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);
  };
  return new Set(requests.filter(isLeft)).size;
}

/** Whether a rating is one of those that are wanted. */
export function passes({ said }: Rating, { name, sources, labels }: FeedbackFilter): boolean {
  const { label = "" } = said.values;
  if ((name !== undefined && said.name !== name) || (sources && !sources.includes(said.source))) return false;
  return labels === undefined || labels.includes(label);
}

function addedBy(
  { said, value }: Rating,
  of: Exclude<FeedbackSum["of"], "requests">,
  valueMax: number,
): number {
  switch (of) {
    case "values":
      return Math.min(value ?? 0, valueMax);
    case "valued":
      return Number(value !== undefined);
    case "positive":
      return Number(value !== undefined && value > 0);
    case "labelled":
      return Number(said.values.label !== undefined);
    case "all":
      return 1;
    case "affirmed":
      return Number(value === undefined || value > 0);
  }
}

function ratingsOf(
  feedback: readonly Feedback[],
  units: readonly ExposedUnit[],
  query: PhaseQuery,
): readonly Rating[] {
  return feedback.flatMap((said) => {
    const value = said.values.score ?? said.values.outcome;
    if (said.state !== "joined") return [];
    return units
      .filter((unit) => unit.phase === query.phase && isAbout(said, unit, { units, query }))
      .map((unit) => ({ unit, said, value: value === undefined ? undefined : Number(value) }));
  });
}

function isAbout(
  { subject, request, atMs }: Feedback,
  unit: ExposedUnit,
  { units, query }: { readonly units: readonly ExposedUnit[]; readonly query: PhaseQuery },
): boolean {
  if (subject.kind === "request") {
    const { experiment, phase, variant, unit: rated } = request?.exposure ?? {};
    return (
      experiment === query.experiment &&
      phase === query.phase &&
      variant === unit.variant &&
      rated === unit.unit
    );
  }
  const hasMetLater = units.some(
    (later) => later.phase > query.phase && later.unit === subject.id && later.firstAtMs <= atMs,
  );
  return unit.unit === subject.id && unit.firstAtMs <= atMs && !hasMetLater;
}
