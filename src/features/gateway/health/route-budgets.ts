import { HedgeBudget } from "#core/resilience/hedge.ts";
import { RetryBudget } from "#core/resilience/retry-budget.ts";

/** What a route may spend beyond one attempt for each request. */
export interface RouteBudget {
  readonly retry: RetryBudget;
  readonly hedge: HedgeBudget;
}

/** The budgets of every route: kept over changes of the configuration, for as long as it names them. */
export class RouteBudgets {
  readonly #budgets = new Map<string, RouteBudget>();

  /** The budget of a route; made when it is first asked for. */
  of(route: string): RouteBudget {
    const known = this.#budgets.get(route);
    if (known) return known;
    const made = { retry: new RetryBudget(), hedge: new HedgeBudget() };
    this.#budgets.set(route, made);
    return made;
  }

  /** Forgets routes that a new configuration no longer names. */
  keep(routes: ReadonlySet<string>): void {
    for (const route of this.#budgets.keys()) if (!routes.has(route)) this.#budgets.delete(route);
  }
}
