import {
  exposedUnits,
  momentsByVariant,
  type ExposedUnit,
} from "#features/traffic/experiment-moments.memory.ts";
import type { VariantMoments } from "#features/traffic/experiment-moments.ts";
import type { PhaseQuery } from "#features/traffic/experiment-periods.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import { ratedNamesMax, type FeedbackMomentsQuery, type RatedName } from "./feedback-moments.ts";
import type { Feedback } from "./feedback.ts";

/** What was said, and the log of the requests. */
interface Known {
  readonly feedback: readonly Feedback[];
  readonly records: readonly RequestRecord[];
}

/** A value that counts for a unit. */
interface Rating {
  readonly unit: ExposedUnit;
  readonly name: string;
  readonly value: number;
}

/** The sum of the values and their number, of each unit of the phase, as Postgres gives it. */
export function memoryFeedbackMoments(
  { feedback, records }: Known,
  query: FeedbackMomentsQuery,
): readonly VariantMoments[] {
  const { phase, stable, name } = query;
  const units = exposedUnits(records, query.experiment);
  const byUnit = Map.groupBy(
    ratingsOf(feedback, units, query).filter((rating) => rating.name === name),
    ({ unit }) => unit,
  );
  return momentsByVariant(
    units
      .filter((unit) => unit.phase === phase && (stable === undefined || unit.stable === stable))
      .map((unit) => {
        const values = (byUnit.get(unit) ?? []).map(({ value }) => value);
        return {
          variant: unit.variant,
          values: [values.reduce((sum, value) => sum + value, 0), values.length],
        };
      }),
  );
}

/** What there is, by name, as Postgres gives it. */
export function memoryFeedbackNames({ feedback, records }: Known, query: PhaseQuery): readonly RatedName[] {
  const ratings = ratingsOf(feedback, exposedUnits(records, query.experiment), query);
  return [...Map.groupBy(ratings, ({ name }) => name)]
    .map(([name, of]) => ({ name, ratings: of.length, units: new Set(of.map(({ unit }) => unit)).size }))
    .toSorted((one, other) => other.ratings - one.ratings || (one.name < other.name ? -1 : 1))
    .slice(0, ratedNamesMax);
}

function ratingsOf(
  feedback: readonly Feedback[],
  units: readonly ExposedUnit[],
  query: PhaseQuery,
): readonly Rating[] {
  return feedback.flatMap((one) => {
    const value = one.values.score ?? one.values.outcome;
    if (one.state !== "joined" || value === undefined) return [];
    return units
      .filter((unit) => unit.phase === query.phase && isAbout(one, unit, { units, query }))
      .map((unit) => ({ unit, name: one.name, value: Number(value) }));
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
