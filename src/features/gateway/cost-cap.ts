import type { RequestProblem } from "#core/dialects/dialect.ts";
import type { RouteResilience } from "#core/routing/route-resilience.ts";
import { usdText } from "#core/pricing/money.ts";
import { worstCost, type CostBounds } from "#features/gateway/worst-cost.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { RequestCost } from "#features/traffic/index.ts";

/** The cap of a request; undefined where its route sets none. */
export function costCapOf(
  { costMax, fallbackOutputTokens }: RouteResilience,
  bounds: CostBounds,
): CostCap | undefined {
  if (costMax === undefined) return undefined;
  return new CostCap(costMax, { ...bounds, ...(fallbackOutputTokens && { fallbackOutputTokens }) });
}

/**
 * What a request may cost with all its attempts: a rung is asked only if the most that it can cost fits into what is
 * left. Attempts count with their cost when it is known, and with the most that they can cost until then.
 */
export class CostCap {
  readonly #max: number;
  readonly #bounds: CostBounds;
  /** What an attempt reads beside the prompt. */
  #beginningTokens = 0;
  /** By the attempt's number, pico-dollars. */
  readonly #costs = new Map<number, number>();
  /** The least that a rung which was too dear could have cost; Infinity where nobody knows its price. */
  #dearest: number | undefined;

  /** @param max whole pico-dollars */
  constructor(max: number, bounds: CostBounds) {
    this.#max = max;
    this.#bounds = bounds;
  }

  /** Whether anybody was left out because it could cost too much. */
  get leftOut(): boolean {
    return this.#dearest !== undefined;
  }

  /** From now on attempts also read the beginning of the answer, of so many tokens. */
  reads(beginningTokens: number): void {
    this.#beginningTokens = beginningTokens;
  }

  /** Whether a rung may be asked. One whose cost nothing bounds may not. */
  affords(rung: Rung): boolean {
    const most = this.#worst(rung) ?? Number.POSITIVE_INFINITY;
    if (this.#spent() + most <= this.#max) return true;
    this.#dearest = Math.min(this.#dearest ?? most, most);
    return false;
  }

  /** An attempt is made. */
  began(attempt: number, rung: Rung): void {
    this.#costs.set(attempt, this.#worst(rung) ?? 0);
  }

  /** It is over: its cost is known, or what it can have cost stands. */
  ended({
    attempt,
    cost,
  }: {
    readonly attempt: number;
    readonly cost?: Pick<RequestCost, "picoDollars">;
  }): void {
    if (cost) this.#costs.set(attempt, cost.picoDollars);
  }

  /** What the client is told where nobody could be asked for the cost alone; undefined where nobody was left out for it. */
  problem(): RequestProblem | undefined {
    if (this.#dearest === undefined) return undefined;
    const actual =
      this.#dearest === Number.POSITIVE_INFINITY
        ? "nobody knows what it can cost"
        : `it can cost $${usdText(this.#dearest)}`;
    const message = `Cannot serve the request: its route allows $${usdText(this.#max)}, ${actual}; a smaller bound of the answer's tokens or a shorter prompt costs less`;
    return { code: "invalid-request", message };
  }

  #worst(rung: Rung): number | undefined {
    const promptTokens = this.#bounds.promptTokens + this.#beginningTokens;
    return worstCost(rung, { ...this.#bounds, promptTokens });
  }

  #spent(): number {
    let sum = 0;
    for (const cost of this.#costs.values()) sum += cost;
    return sum;
  }
}
