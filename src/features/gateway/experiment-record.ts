import type { ExperimentChoice } from "#core/routing/experiment-choice.ts";
import type { DecisionRecord, ExperimentRecord } from "#features/traffic/index.ts";

/** What is kept of what an experiment made of a request: without the unit, whose name is never kept. */
export function experimentRecord(choice: ExperimentChoice): ExperimentRecord {
  if ("outside" in choice) return choice;
  const { unit, ...kept } = choice;
  return { ...kept, stable: unit.stable };
}

/** A decision with the pseudonym of the unit that an experiment assigned. */
export function withUnit(decision: DecisionRecord, unit: string): DecisionRecord {
  const { experiment } = decision;
  if (!experiment || "outside" in experiment) return decision;
  return { ...decision, experiment: { ...experiment, unit } };
}
