import type { LargestUnit } from "#core/experiments/findings/traffic-findings.ts";
import { exposedUnits } from "./experiment-moments.memory.ts";
import type { PhaseQuery } from "./experiment-periods.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";

/** The unit with the most requests of each variant, as Postgres gives it. */
export function memoryLargest(
  records: readonly RequestRecord[],
  { experiment, phase }: PhaseQuery,
): readonly LargestUnit[] {
  const units = exposedUnits(records, experiment).filter((unit) => unit.phase === phase && unit.stable);
  return [...Map.groupBy(units, ({ variant }) => variant)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([variant, of]) => {
      const [largest] = of.toSorted(
        (one, other) => other.records.length - one.records.length || (one.unit < other.unit ? -1 : 1),
      );
      if (!largest) return [];
      const requestsOfAll = of.reduce((sum, { records: some }) => sum + some.length, 0);
      const { unit, records: most } = largest;
      return { variant, unit, requests: most.length, units: of.length, requestsOfAll };
    });
}
