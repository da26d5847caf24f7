import { itemValues, type ErrorReading, type RunMetric } from "./item-values.ts";
import type { RunTable } from "./run-table.ts";
import { unitSums, type UnitSums } from "./unit-sums.ts";

/** One target of one run. */
export interface ComparedSide {
  readonly table: RunTable;
  readonly target: string;
}

/** What is compared with what: the candidate asks whether it is as good as the baseline. */
export interface ComparedSides {
  readonly baseline: ComparedSide;
  readonly candidate: ComparedSide;
}

/** Items with a value on both sides, each side's repeats averaged. */
export interface PairedItems {
  /** Ids are looked up in the candidate's table, by these places. */
  readonly places: readonly number[];
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** Items with a value on one side alone, which no pair has. */
  readonly onlyBaseline: readonly string[];
  readonly onlyCandidate: readonly string[];
  /** Whether each value of either side is of one answer. */
  readonly areSingle: boolean;
}

/** Pairs the items of two targets by their ids. */
export function pairedItems(
  sides: ComparedSides,
  question: { readonly metric: RunMetric; readonly errors: ErrorReading },
): PairedItems {
  const ofBaseline = itemValues(sides.baseline.table, { target: sides.baseline.target, ...question });
  const ofCandidate = itemValues(sides.candidate.table, { target: sides.candidate.target, ...question });
  const baselineItems = sides.baseline.table.items;
  const candidateItems = sides.candidate.table.items;
  // Where an item of the baseline stands among its values, from 1; 0 where it has none, or its pair.
  const standing = new Uint32Array(baselineItems.count);
  for (const [index, place] of ofBaseline.places.entries()) standing[place] = index + 1;
  const [places, baseline, candidate]: [number[], number[], number[]] = [[], [], []];
  const onlyCandidate: string[] = [];
  for (const [index, place] of ofCandidate.places.entries()) {
    const id = candidateItems.idOf(place);
    // The same table has its items at the same places.
    const there = baselineItems === candidateItems ? place : baselineItems.placeOf(id);
    const at = there === undefined ? 0 : (standing[there] ?? 0);
    if (there === undefined || at === 0) {
      onlyCandidate.push(id);
      continue;
    }
    standing[there] = 0;
    places.push(place);
    baseline.push(ofBaseline.values[at - 1] ?? 0);
    candidate.push(ofCandidate.values[index] ?? 0);
  }
  const left = ofBaseline.places.filter((place) => standing[place] !== 0);
  return {
    places,
    baseline,
    candidate,
    onlyBaseline: left.map((place) => baselineItems.idOf(place)),
    onlyCandidate,
    areSingle: [ofBaseline, ofCandidate].every(({ answers, values }) => answers === values.length),
  };
}

/** Differences candidate - baseline summed by what is independent. */
export function differenceSums({ candidate }: ComparedSides, pairs: PairedItems): UnitSums {
  const values = pairs.candidate.map((value, index) => value - (pairs.baseline[index] ?? 0));
  return unitSums(candidate.table.items, { places: pairs.places, values });
}
