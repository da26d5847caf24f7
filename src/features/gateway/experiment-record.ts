import type { ExperimentChoice } from "#core/routing/experiment-choice.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import type { AssignedRecord, DecisionRecord, ExperimentRecord } from "#features/traffic/index.ts";

/** Longest name of a version that is kept, in UTF-16 code units: a provider can write what it likes. */
const versionLengthMax = 200;

/** What is kept of what an experiment made of a request: without the unit, whose name is never kept. */
export function experimentRecord(choice: ExperimentChoice): ExperimentRecord {
  if ("outside" in choice) return choice;
  const { unit, ...kept } = choice;
  return { ...kept, stable: unit.stable };
}

/** The same of a request that was served, with what answered, where the assigned variant did. */
export function servedExperiment(choice: ExperimentChoice, end: ClimbEnd): ExperimentRecord {
  const record = experimentRecord(choice);
  const { outcome, degraded = "elsewhere", attempts, answer } = end;
  const last = attempts.at(-1);
  if ("outside" in record || last?.variant !== record.variant || answer.upstreamModel === undefined)
    return record;
  if (outcome !== "completed" || degraded !== "elsewhere") return record;
  const version = answer.upstreamModel.slice(0, versionLengthMax);
  return { ...record, answered: { model: last.model, version } };
}

/** A decision with the pseudonyms of the unit that an experiment assigned, and of the question where there is one. */
export function withAssigned(
  decision: DecisionRecord,
  hidden: Partial<Pick<AssignedRecord, "unit" | "question">>,
): DecisionRecord {
  const { experiment } = decision;
  if (!experiment || "outside" in experiment) return decision;
  return { ...decision, experiment: { ...experiment, ...hidden } };
}
