import type { History } from "../history.ts";

/** Looks for one kind of fault in what was seen of a run. */
export interface Checker {
  /** What must hold, as a fact. */
  readonly fact: string;
  /** Where it does not hold, a sentence each. */
  violations(history: History): readonly string[];
}
