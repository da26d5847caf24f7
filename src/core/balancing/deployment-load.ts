import { PeakEwma } from "./peak-ewma.ts";

/**
 * Prompt tokens that are as much work before the first content as a request is by itself. A guess between servers of our
 * own, where it is some 300, and the large providers', where it is thousands; balancing is as good anywhere between 300
 * and 4,000 (docs/decisions/2026-11-25-balancing-by-work.md).
 */
const tokensOfOneWork = 1_000;

/** Work of a request before its first content, > 0: 1 + prompt tokens / 1,000. */
export function requestWork(promptTokens: number): number {
  return 1 + promptTokens / tokensOfOneWork;
}

/** A request that waits for its first content at a deployment. */
export interface Waiting {
  /** Its own work, see requestWork. */
  readonly work: number;
  /** What was there with it when it began, itself included: what its first content had to wait for. */
  readonly ahead: number;
}

/**
 * What waits at one deployment for its first content, and what a unit of that costs: the two factors of its load.
 *
 * Requests that already stream are not counted: what a new one waits for is the prompts before it. A sample is the time for
 * each unit of the request's own work. It is a peak only as far as the work in front of it does not explain it, else every
 * queue would look like a slow deployment. (Dividing by the work in front outright makes the busiest look cheapest where
 * nothing queues, as at large providers, and gives it everything.)
 * Streams and whole answers need one each: the first content of a whole answer comes with its last.
 */
export class DeploymentLoad {
  readonly #ewma = new PeakEwma();
  #inFlight = 0;
  /** How many requests that is: with none left, what rounding left of the sum is none, too. */
  #count = 0;

  /** Work that waits for its first content, >= 0. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Time to first content for each unit of own work, ms; undefined before the first answer. */
  costMs(nowMs: number): number | undefined {
    return this.#ewma.costMs(nowMs);
  }

  /** The same as it was at the last answer, ms: it has not decayed. */
  get measuredCostMs(): number | undefined {
    return this.#ewma.measuredCostMs;
  }

  /** A request was sent. Hand what is returned to exactly one of the other methods when its wait is over. */
  began(work: number): Waiting {
    this.#inFlight += work;
    this.#count += 1;
    return { work, ahead: this.#inFlight };
  }

  /** Its first content came after so many ms. */
  answered(waiting: Waiting, ms: number, nowMs: number): void {
    this.left(waiting);
    this.#ewma.observe(ms / waiting.work, nowMs, ms / waiting.ahead);
  }

  /** It failed by the deployment's fault after so many ms; the provider may say for how long to stay away. */
  failed(waiting: Waiting, ms: number, hintMs: number | undefined, nowMs: number): void {
    this.left(waiting);
    this.#ewma.penalize(ms / waiting.ahead, hintMs, nowMs);
  }

  /** It ended without saying anything about the deployment: the client left, or the request was wrong. */
  left({ work }: Waiting): void {
    this.#count -= 1;
    this.#inFlight = this.#count > 0 ? this.#inFlight - work : 0;
  }
}
