import type { RequestProblem } from "#core/dialects/dialect.ts";
import type { Usage } from "#core/llm/usage.ts";
import type { RouteResilience } from "#core/routing/route-resilience.ts";
import { usdText } from "#core/pricing/money.ts";
import { knownCost, worstCost, type BegunTokens, type CostBounds } from "#features/gateway/worst-cost.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { RequestCost } from "#features/traffic/index.ts";

/** The cap of a request; undefined where its route sets none. */
export function costCapOf({ costMax }: RouteResilience, bounds: CostBounds): CostCap | undefined {
  return costMax === undefined ? undefined : new CostCap(costMax, bounds);
}

/**
 * What a request may cost with all its attempts: a rung is asked only if the most that it can cost fits into what is
 * left. Attempts count with their cost when it is known, and with the most that they can cost until then.
 */
export class CostCap {
  readonly #max: number;
  readonly #bounds: CostBounds;
  /** By the attempt's number, pico-dollars. */
  readonly #costs = new Map<number, number>();
  /** The least that a rung which was too dear could have cost; Infinity where nobody knows its price. */
  #dearest: number | undefined;
  /** What there is of an answer whose rest is asked for. */
  #begun: BegunTokens | undefined;

  /** @param max whole pico-dollars */
  constructor(max: number, bounds: CostBounds) {
    this.#max = max;
    this.#bounds = bounds;
  }

  /** Whether anybody was left out because it could cost too much. */
  get leftOut(): boolean {
    return this.#dearest !== undefined;
  }

  /** Whether a rung may be asked. One whose cost nothing bounds may not. */
  affords(rung: Rung): boolean {
    const most = worstCost(rung, this.#bounds, this.#begun) ?? Number.POSITIVE_INFINITY;
    if (this.#spent() + most <= this.#max) return true;
    this.#dearest = Math.min(this.#dearest ?? most, most);
    return false;
  }

  /**
   * Whether the rest of an answer may be asked for: its call reads what there is of the answer, and may be as much shorter.
   * From then on that is what is asked for.
   * @param piece what the attempt that brought the last piece told
   */
  affordsRest(
    rung: Rung,
    {
      attempt,
      usage,
      begun,
    }: { readonly attempt: number; readonly usage: Usage | undefined; readonly begun: BegunTokens },
  ): boolean {
    const most = worstCost(rung, this.#bounds, begun) ?? Number.POSITIVE_INFINITY;
    const told = usage && knownCost(rung, this.#bounds, usage);
    const spent = this.#spent(told === undefined ? undefined : { attempt, cost: told });
    if (spent + most > this.#max) return false;
    this.#begun = begun;
    return true;
  }

  /** A broken answer is gone on with: attempts read its beginning beside the prompt, and may be as much shorter. */
  goesOn({ promptTokens, generated }: { readonly promptTokens: number; readonly generated: number }): void {
    this.#begun = { generated, read: this.#bounds.promptTokens + promptTokens };
  }

  /** What there was of an answer is given up: it is asked for from its beginning. */
  beginsAnew(): void {
    this.#begun = undefined;
  }

  /** An attempt is made. */
  began(attempt: number, rung: Rung): void {
    this.#costs.set(attempt, worstCost(rung, this.#bounds, this.#begun) ?? 0);
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

  /** @param told what an attempt cost by what its provider told, which counts in place of what it can have cost */
  #spent(told?: { readonly attempt: number; readonly cost: number }): number {
    let sum = 0;
    for (const [attempt, cost] of this.#costs) sum += attempt === told?.attempt ? told.cost : cost;
    return sum;
  }
}
