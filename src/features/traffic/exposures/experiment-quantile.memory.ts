import { ok, type Result } from "#core/kernel/result.ts";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { quantilePlaces } from "#core/statistics/quantile-estimate.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import { unitsOf } from "./experiment-moments.memory.ts";
import { requestMeasures } from "./request-measures.ts";
import {
  quantileMeasures,
  type QuantileQuery,
  type RequestsAround,
  type VariantQuantile,
} from "./experiment-quantile.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";

type QuantileLevel = Pick<QuantileQuery, "level" | "alpha">;

/** What the requests of each variant tell of a quantile, as Postgres gives it. */
export function memoryQuantile(
  records: readonly RequestRecord[],
  query: QuantileQuery,
): readonly VariantQuantile[] {
  const { measure } = query;
  return quantileByVariant(
    unitsOf(records, query).map(({ variant, records: of }) => ({ variant, values: valuesOf(of, measure) })),
    query,
  );
}

/** What the values of units tell of a quantile, in the order of the variants' names; units without any say nothing. */
export function quantileByVariant(
  units: readonly { readonly variant: string; readonly values: readonly number[] }[],
  query: QuantileLevel,
): readonly VariantQuantile[] {
  const valued = units.filter(({ values }) => values.length > 0);
  return [...Map.groupBy(valued, ({ variant }) => variant)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([variant, of]) => {
      const byUnit = of.map(({ values }) => values);
      return { variant, count: byUnit.flat().length, around: requestsAround(byUnit, query) };
    });
}

function valuesOf(records: readonly RequestRecord[], measure: QuantileQuery["measure"]): readonly number[] {
  return records
    .filter((record) => requestMeasures[quantileMeasures[measure]](record) > 0)
    .map((record) => requestMeasures[measure](record));
}

function requestsAround(
  byUnit: readonly (readonly number[])[],
  { level, alpha }: QuantileLevel,
): Result<RequestsAround, Refusal> {
  const sorted = byUnit.flat().toSorted((one, other) => one - other);
  const places = quantilePlaces({ count: sorted.length, level, alpha });
  if (!places.ok) return places;
  const valueAt = (place: number): number => sorted[place - 1] ?? Number.NaN;
  const { lower, at, upper } = places.value;
  const values = { lower: valueAt(lower), at: valueAt(at), upper: valueAt(upper) };
  const below = crossMomentsOf(
    byUnit.map((of) => of.length),
    byUnit.map((of) => of.filter((one) => one <= values.at).length),
  );
  return below.ok ? ok({ values, below: below.value }) : below;
}
