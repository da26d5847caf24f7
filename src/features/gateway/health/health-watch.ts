import type { Random } from "#core/kernel/random.ts";
import type { DeploymentHealth } from "#core/resilience/deployment-health.ts";
import type { AttemptWatch } from "#features/gateway/balancer.ts";
import type { ExchangeEnd } from "#features/gateway/exchange.ts";

/** What a watch works with. */
export interface WatchWorld {
  /** ms since 1970, by a clock that does not step back. */
  readonly nowMs: () => number;
  readonly random: Pick<Random, "unit">;
  /** Hears that an attempt has ended: there may be room for another. */
  readonly onEnded: () => void;
}

/** Tells a deployment's health how an attempt goes. */
export class HealthWatch implements AttemptWatch {
  readonly #health: DeploymentHealth;
  readonly #stream: boolean;
  readonly #world: WatchWorld;
  readonly #ticket: number;

  constructor(health: DeploymentHealth, stream: boolean, world: WatchWorld) {
    this.#health = health;
    this.#stream = stream;
    this.#world = world;
    this.#ticket = health.began(world.nowMs());
  }

  content(ms: number): void {
    if (this.#stream) this.#health.content(ms, this.#world.nowMs());
  }

  ended(how: ExchangeEnd): void {
    const { nowMs, random, onEnded } = this.#world;
    this.#health.ended(
      {
        ticket: this.#ticket,
        stream: this.#stream,
        end: how.outcome === "failed" ? how.failure : how.outcome,
        contentMs: how.firstContentMs,
        totalMs: how.totalMs,
      },
      nowMs(),
      random.unit(),
    );
    onEnded();
  }
}
