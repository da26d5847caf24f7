import { nextPacificMidnight } from "#core/resilience/next-pacific-midnight.ts";
import type { FailureKind } from "#core/llm/upstream-failure.ts";
import {
  isResumption,
  type BreakerChange,
  type CallTrace,
  type History,
  type RequestTrace,
} from "../history.ts";
import type { DeploymentPlan } from "../world/scenario.ts";
import { closedMs } from "./deadlines.ts";

/** What a provider's refusal says of the time until it may be asked again, ms: at least, and at most. */
const refusals: Partial<Readonly<Record<FailureKind, { readonly least: number; readonly most: number }>>> = {
  "rate-limited": { least: 5_000, most: 300_000 },
  credential: { least: 30_000, most: 600_000 },
  "model-gone": { least: 60_000, most: 3_600_000 },
  "quota-zero": { least: 300_000, most: 3_600_000 },
};
/** A told time is never believed beyond this, ms, and chance adds a tenth at most. */
const toldMsMax = 300_000;
const jitterMax = 1.1;
/** For so long refusals may keep requests away, ms: a window of two minutes, and one of its parts. */
const sparedMsMax = 130_000;

/**
 * What somebody knows who has read every answer of the providers: from when to when a deployment must not, and need not,
 * be asked. Reckoned apart from the gateway, from the history alone.
 */
export class Availability {
  readonly #history: History;
  readonly #calls: ReadonlyMap<string, readonly CallTrace[]>;
  readonly #breakers: ReadonlyMap<string, readonly BreakerChange[]>;

  constructor(history: History) {
    this.#history = history;
    this.#calls = Map.groupBy(history.calls, ({ deployment }) => deployment);
    this.#breakers = Map.groupBy(history.breakers, ({ deployment }) => deployment);
  }

  /** Until when it must not be asked, of what was heard before a moment; ms, the past where it may be. */
  coolsUntilMs(deployment: string, atMs: number): number {
    return this.#latestEnd(deployment, atMs, "least");
  }

  /** Until when it may be kept away at most for what it said of itself. */
  mayCoolUntilMs(deployment: string, atMs: number): number {
    return this.#latestEnd(deployment, atMs, "most");
  }

  /** Its breaker just before a moment. */
  breaker(deployment: string, atMs: number): BreakerChange | undefined {
    return this.#breakers.get(deployment)?.findLast((change) => change.atMs < atMs);
  }

  /** Whether there is no reason whatever not to ask it at a moment. */
  isSurelyAvailable(deployment: string, atMs: number): boolean {
    const breakers = this.#breakers.get(deployment) ?? [];
    const isClosed = (breakers.findLast((change) => change.atMs <= atMs)?.state ?? "closed") === "closed";
    return isClosed && this.mayCoolUntilMs(deployment, atMs) < atMs && !this.mayBeSpared(deployment, atMs);
  }

  /** The deployments of one variant that a request may ask at a moment: none withdrawn, none twice. */
  stage({ epoch, calls }: RequestTrace, variant: string, atMs: number): readonly DeploymentPlan[] {
    const now = this.#history.epochs.findLast(({ fromMs }) => fromMs <= atMs);
    const withdrawn = [this.#history.epochs[epoch], now].flatMap((one) => one?.specification.withdrawn ?? []);
    const tried = calls.filter(({ startedMs }) => startedMs < atMs).map(({ deployment }) => deployment);
    return this.#history.scenario.deployments.filter(
      ({ name, variant: own }) => own === variant && !withdrawn.includes(name) && !tried.includes(name),
    );
  }

  /** Whether so few of a pool are available that health is to be ignored: half of the weight, or less. */
  mayPanic(request: RequestTrace, call: CallTrace): boolean {
    const { deployments } = this.#history.scenario;
    const variant = deployments.find(({ name }) => name === call.deployment)?.variant ?? "";
    // Only some models go on with an answer that has begun.
    const stage = this.stage(request, variant, call.startedMs).filter(
      ({ prefill }) => !isResumption(call) || prefill !== undefined,
    );
    const weights = this.#history.epochs[request.epoch]?.specification.weights ?? {};
    const sum = (plans: readonly DeploymentPlan[]): number =>
      plans.reduce((total, { name }) => total + (weights[name] ?? 1), 0);
    return sum(stage.filter(({ name }) => this.isSurelyAvailable(name, call.startedMs))) * 2 < sum(stage);
  }

  /** Whether so many of its latest calls were refused that some requests are kept from it. */
  mayBeSpared(deployment: string, atMs: number): boolean {
    const latest = (this.#calls.get(deployment) ?? []).filter(
      ({ startedMs }) => startedMs <= atMs && startedMs > atMs - sparedMsMax,
    );
    const refused = latest.filter(({ status }) => status === 429 || status === 503).length;
    return refused * 3 >= latest.length && refused > 0;
  }

  #latestEnd(deployment: string, atMs: number, bound: "least" | "most"): number {
    let untilMs = Number.NEGATIVE_INFINITY;
    for (const call of this.#calls.get(deployment) ?? []) {
      const heardMs = call.abortedMs === undefined ? call.endedMs : undefined;
      if (heardMs === undefined || heardMs >= atMs || call.failure === undefined) continue;
      untilMs = Math.max(untilMs, this.#end(call.failure, call, bound));
    }
    return untilMs;
  }

  #end(failure: FailureKind, call: CallTrace, bound: "least" | "most"): number {
    const heardMs = closedMs(call) ?? 0;
    if (failure === "quota-exhausted-day") {
      const { startMs } = this.#history.scenario;
      return nextPacificMidnight(startMs + heardMs) - startMs;
    }
    if (call.hintMs !== undefined) {
      const told = Math.min(call.hintMs, toldMsMax);
      return heardMs + (bound === "least" ? told : Math.min(told * jitterMax, toldMsMax));
    }
    const refusal = refusals[failure];
    return refusal ? heardMs + refusal[bound] : Number.NEGATIVE_INFINITY;
  }
}
