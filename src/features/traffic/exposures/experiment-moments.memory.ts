import type { MomentsQuery, VariantMoments } from "./experiment-moments.ts";
import { isRegenerated } from "#core/experiments/plan/regeneration.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import { questionOf, requestMeasures } from "./request-measures.ts";
import { partOf } from "./unit-parts.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import type { TimeRange } from "#features/traffic/time-range.ts";
import type { LoggedQuery, RequestsQuery, UnitsQuery } from "./units-query.ts";

/** A unit that met a variant in a phase of an experiment. */
export interface ExposedUnit {
  readonly phase: number;
  readonly variant: string;
  readonly unit: string;
  /** Whether it can have more than one request. */
  readonly stable: boolean;
  /** When it met the variant first, ms since 1970. */
  readonly firstAtMs: number;
  /** The tags that its experiment notes, of its first request; absent where it notes none. */
  readonly segments?: Readonly<Record<string, string>>;
  readonly records: readonly RequestRecord[];
  /** The ids of those whose question was asked once more. */
  readonly regenerated: ReadonlySet<string>;
}

/** The units of an experiment, in all its phases. */
export function exposedUnits(records: readonly RequestRecord[], experiment: string): readonly ExposedUnit[] {
  const exposures = records.flatMap((record) => {
    const assigned = record.decision?.experiment;
    if (assigned?.name !== experiment || !("unit" in assigned)) return [];
    const { phase, variant, unit, stable } = assigned;
    return [{ phase, variant, unit, stable, record }];
  });
  const units = Map.groupBy(exposures, ({ phase, variant, unit }) => JSON.stringify([phase, variant, unit]));
  return [...units.values()].flatMap((of) => {
    const [first] = of;
    if (!first) return [];
    const [earliest] = of.toSorted((one, other) => one.record.startedAtMs - other.record.startedAtMs);
    const noted = earliest?.record.decision?.experiment;
    const segments = noted && "segments" in noted ? noted.segments : undefined;
    return {
      ...first,
      ...(segments && { segments }),
      stable: of.every(({ stable }) => stable),
      firstAtMs: Math.min(...of.map(({ record }) => record.startedAtMs)),
      records: of.map(({ record }) => record),
      regenerated: regeneratedIds(of.map(({ record }) => record)),
    };
  });
}

/** The units that are asked for, with those of their requests that are. */
export function unitsOf(records: readonly RequestRecord[], query: RequestsQuery): readonly ExposedUnit[] {
  return remaining(records, query, () => true);
}

/** @param isLogged whether the log still has a request: others cannot be left out */
function remaining(
  records: readonly RequestRecord[],
  query: RequestsQuery,
  isLogged: (id: string) => boolean,
): readonly ExposedUnit[] {
  const { without = [] } = query;
  const isLeft = (record: RequestRecord): boolean =>
    !isWithin(record, without) || !isLogged(record.requestId);
  return exposedUnits(records, query.experiment)
    .filter((unit) => isAskedFor(unit, query))
    .map((unit) => ({ ...unit, records: unit.records.filter(isLeft) }))
    .filter((unit) => unit.records.length > 0);
}

/** Whether a unit is asked for. */
function isAskedFor(
  unit: ExposedUnit,
  { phase, stable, perProtocol }: Omit<UnitsQuery, "experiment">,
): boolean {
  const isItsOwn = !unit.records.some((record) => requestMeasures.fallbacks(record) > 0);
  return (
    unit.phase === phase &&
    (stable === undefined || unit.stable === stable) &&
    (perProtocol === undefined || isItsOwn)
  );
}

/** Requests that are in the log of some times, as Postgres counts them. */
export function memoryLogged(records: readonly RequestRecord[], { within, ...phase }: LoggedQuery): number {
  const units = unitsOf(records, { ...phase, stable: true });
  return units.flatMap((unit) => unit.records.filter((record) => isWithin(record, within))).length;
}

function isWithin({ startedAtMs }: RequestRecord, spans: readonly TimeRange[]): boolean {
  return spans.some(({ fromMs, toMs }) => startedAtMs >= fromMs && startedAtMs < toMs);
}

/**
 * What the units of each variant tell, as Postgres gives it.
 * @param isLogged whether the log still has a request
 */
export function memoryMoments(
  records: readonly RequestRecord[],
  { measures, parts, ...units }: MomentsQuery,
  isLogged: (id: string) => boolean,
): readonly VariantMoments[] {
  return momentsByVariant(
    remaining(records, units, isLogged).map((unit) => ({
      variant: unit.variant,
      ...(parts && { part: partOf(parts, unit) }),
      values: measures.map((measure) => unitSum(unit, measure)),
    })),
  );
}

/** A measure of a unit, over those of its requests that are asked for. */
export function unitSum({ records, regenerated }: ExposedUnit, measure: UnitMeasure): number {
  if (measure === "regenerated") return records.filter(({ requestId }) => regenerated.has(requestId)).length;
  return records.reduce((sum, record) => sum + requestMeasures[measure](record), 0);
}

/** Of all requests of a unit those whose question was asked once more. */
function regeneratedIds(records: readonly RequestRecord[]): ReadonlySet<string> {
  const questions = records.flatMap((record) => {
    const question = questionOf(record);
    if (question === undefined) return [];
    const { requestId, startedAtMs, outcome, timings } = record;
    const endedAtMs = startedAtMs + timings.totalMs;
    return [{ id: requestId, question, startedAtMs, endedAtMs, isAnswered: outcome === "completed" }];
  });
  const ids = [...Map.groupBy(questions, ({ question }) => question).values()].flatMap((same) =>
    same.filter((one) => isRegenerated(one, same)).map(({ id }) => id),
  );
  return new Set(ids);
}

/** What units have, the same variables each. */
interface UnitValues {
  readonly variant: string;
  readonly part?: number;
  readonly values: readonly number[];
}

/** The moments of each variant's units, in the order of the variants' names and their parts. */
export function momentsByVariant(units: readonly UnitValues[]): readonly VariantMoments[] {
  return [...Map.groupBy(units, ({ variant }) => variant)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([variant, all]) =>
      [...Map.groupBy(all, ({ part }) => part)]
        .toSorted(([one = 0], [other = 0]) => one - other)
        .map(([part, of]) => {
          const moments = momentsOf(
            variant,
            of.map(({ values }) => values),
          );
          return { ...moments, ...(part !== undefined && { part }) };
        }),
    );
}

function momentsOf(variant: string, values: readonly (readonly number[])[]): VariantMoments {
  const variables = values[0] ?? [];
  const means = variables.map(
    (_, place) => values.reduce((sum, row) => sum + at(row, place), 0) / values.length,
  );
  const deviations = variables.map((_, one) =>
    variables.map((_, other) =>
      values.reduce(
        (sum, row) => sum + (at(row, one) - at(means, one)) * (at(row, other) - at(means, other)),
        0,
      ),
    ),
  );
  return { variant, units: values.length, means, deviations };
}

function at(row: readonly number[], place: number): number {
  return row[place] ?? 0;
}
