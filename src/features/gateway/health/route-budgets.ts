import { BoundedMap } from "#core/kernel/bounded-map.ts";
import { HedgeBudget, hedgeBudgetDefaults } from "#core/resilience/hedge.ts";
import { RetryBudget } from "#core/resilience/retry-budget.ts";
import type { RouteHedge } from "#core/routing/route-resilience.ts";

/** What a route may spend beyond one attempt for each request. */
export interface RouteBudget {
  readonly retry: RetryBudget;
  readonly hedge: HedgeBudget;
}

/** Most routes whose budgets are kept: far more than a configuration has, so that only those go that it no longer names. */
export const budgetsMax = 10_000;

/** The budgets of every route, kept over changes of the configuration. Bounded: the one made first gives way. */
export class RouteBudgets {
  readonly #budgets = new BoundedMap<string, RouteBudget & { readonly hedged: RouteHedge | undefined }>(
    budgetsMax,
  );

  /** The budget of a route; made when it is first asked for. */
  of(route: string): RouteBudget {
    return this.#budgets.get(route) ?? this.#made(route, undefined);
  }

  /** The budget of a route that wants hedges of this kind: one of another kind begins anew, its retries go on. */
  entered(route: string, hedged: RouteHedge | undefined): RouteBudget {
    const known = this.#budgets.get(route);
    return known && isSame(known.hedged, hedged) ? known : this.#made(route, hedged, known?.retry);
  }

  #made(route: string, hedged: RouteHedge | undefined, retry = new RetryBudget()): RouteBudget {
    const hedge = new HedgeBudget({
      ...hedgeBudgetDefaults,
      ...(hedged && { share: hedged.share, spendMax: hedged.spendMax }),
    });
    const made = { retry, hedge, hedged };
    this.#budgets.set(route, made);
    return made;
  }
}

function isSame(one: RouteHedge | undefined, other: RouteHedge | undefined): boolean {
  return one?.share === other?.share && one?.spendMax === other?.spendMax;
}
