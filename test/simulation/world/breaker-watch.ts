import type { Healths } from "#features/gateway/index.ts";
import type { BreakerChange } from "../history.ts";
import { modelOf } from "./configuration.ts";
import type { Scenario } from "./scenario.ts";
import type { Tell } from "./story.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What is watched. */
export interface BreakerWatchInput {
  readonly scenario: Scenario;
  readonly time: VirtualTime;
  readonly healths: Healths;
  readonly tell: Tell;
}

/** Writes down how the breakers change, as the view for people shows them. */
export class BreakerWatch {
  readonly changes: BreakerChange[] = [];
  readonly #input: BreakerWatchInput;
  readonly #known = new Map<string, string>();

  constructor(input: BreakerWatchInput) {
    this.#input = input;
  }

  /** Looks at some deployments. */
  look(names: readonly string[]): void {
    for (const name of names) this.#look(name);
  }

  #look(deployment: string): void {
    const { scenario, time, healths, tell } = this.#input;
    const plan = scenario.deployments.find(({ name }) => name === deployment);
    if (!plan) return;
    const health = healths.of({ deployment, provider: deployment, model: modelOf(plan) });
    const { state, openUntilMs = scenario.startMs, reason = "" } = health.view(time.nowMs()).breaker;
    const now = `${state} ${openUntilMs}`;
    if (now === (this.#known.get(deployment) ?? `closed ${scenario.startMs}`)) return;
    this.#known.set(deployment, now);
    const change = {
      atMs: time.monotonicMs(),
      deployment,
      state,
      openUntilMs: openUntilMs - scenario.startMs,
      reason,
    };
    this.changes.push(change);
    const until = state === "open" ? ` until ${(change.openUntilMs / 1_000).toFixed(3)} s: ${reason}` : "";
    tell(() => `breaker of ${deployment}: ${state}${until}`);
  }
}
