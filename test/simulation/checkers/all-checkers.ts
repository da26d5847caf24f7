import type { History } from "../history.ts";
import { cleanEnd, noSplice, typedErrors } from "./answers.ts";
import type { Checker } from "./checker.ts";
import { sharesKept, weightsKept, withdrawnUnasked } from "./configurations.ts";
import { conversationsStay } from "./conversations.ts";
import { clientGone, contentDeadlines, insideDeadline, nothingThrown } from "./deadlines.ts";
import { losersCancelled } from "./hedges.ts";
import {
  breakersClose,
  breakersHold,
  breakersOpenOnFailures,
  cooledUnasked,
  insideBudget,
  noAvoidableError,
  nobodyStarves,
} from "./health.ts";
import { goneOnWith, resumptionsTold } from "./resumptions.ts";
import { everyAttemptPriced, everyAttemptRecorded, propensityRecorded } from "./records.ts";

/** Everything that must hold in every run. */
export const allCheckers: readonly Checker[] = [
  nothingThrown,
  noSplice,
  cleanEnd,
  typedErrors,
  everyAttemptRecorded,
  everyAttemptPriced,
  propensityRecorded,
  insideDeadline,
  contentDeadlines,
  clientGone,
  withdrawnUnasked,
  losersCancelled,
  sharesKept,
  weightsKept,
  cooledUnasked,
  breakersHold,
  breakersOpenOnFailures,
  breakersClose,
  nobodyStarves,
  insideBudget,
  noAvoidableError,
  conversationsStay,
  goneOnWith,
  resumptionsTold,
];

/** What does not hold in a run. */
export interface Violation {
  readonly fact: string;
  /** Where, a sentence each. */
  readonly found: readonly string[];
}

/** Everything that does not hold in a run; empty as it should be. */
export function violationsOf(history: History): readonly Violation[] {
  return allCheckers
    .map((checker) => ({ fact: checker.fact, found: checker.violations(history) }))
    .filter(({ found }) => found.length > 0);
}
