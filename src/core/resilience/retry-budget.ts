import { TokenWindow, type TokenWindowSettings } from "./token-window.ts";

/**
 * A fifth of the requests of the last 10 s, and one a second: Finagle's reserve of ten a second would let a gateway of a
 * few requests a second retry all of them.
 */
export const retryBudgetDefaults: TokenWindowSettings = { share: 0.2, reservePerSecond: 1, ttlMs: 10_000 };

/**
 * How many attempts beyond the first may be made: retries, attempts elsewhere, and hedges, which draw on it after their
 * own budget. Keeps an outage from being made worse by those who try again. See TokenWindow for the formula.
 */
export class RetryBudget {
  readonly #window: TokenWindow;

  constructor(settings: TokenWindowSettings = retryBudgetDefaults) {
    this.#window = new TokenWindow(settings);
  }

  /** A request came; its first attempt. */
  deposit(nowMs: number): void {
    this.#window.deposit(nowMs);
  }

  /** Whether one more attempt may be made; it is counted if so. */
  tryWithdraw(nowMs: number): boolean {
    return this.#window.tryWithdraw(nowMs);
  }

  /** Attempts that could be made now. */
  balance(nowMs: number): number {
    return this.#window.balance(nowMs);
  }
}
