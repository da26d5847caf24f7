/** What somebody wants to spend. */
export interface Spending {
  /** Whose budget it is: the name of an experiment, or of an evaluation. */
  readonly payer: string;
  /** UTC, `2026-12-01`. */
  readonly day: string;
  /** Whole pico-dollars >= 0. */
  readonly picoDollars: number;
}

/** What was spent of the budgets of one kind of payers. */
export interface SpendingStore {
  /**
   * Takes an amount off what a payer may spend in a day, at once for all processes.
   * @returns false, and nothing is taken, where less than that is left
   * @throws AppError store-unavailable
   */
  reserve(spending: Spending, budget: number): Promise<boolean>;
  /** Notes that so much more was spent than was taken, or less (below 0). @throws AppError store-unavailable */
  settle(difference: Spending): Promise<void>;
}
