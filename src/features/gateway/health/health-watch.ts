import type { Random } from "#core/kernel/random.ts";
import { totalTokens, type Usage } from "#core/llm/usage.ts";
import type { HealthAttempt, HealthEnd, HealthRequest } from "#core/resilience/deployment-health.ts";
import type { AttemptWatch } from "#features/gateway/balancer.ts";
import type { ExchangeEnd } from "#features/gateway/exchange.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** What a watch works with. */
export interface WatchWorld {
  /** ms since 1970, by a clock that does not step back. */
  readonly nowMs: () => number;
  readonly random: Pick<Random, "unit">;
  /** Hears that an attempt has ended there: there may be room for another. */
  readonly onEnded: (deployment: string) => void;
}

/** Tells a deployment's health how an attempt goes. */
export class HealthWatch implements AttemptWatch {
  readonly #rung: Rung;
  readonly #world: WatchWorld;
  readonly #attempt: HealthAttempt;

  constructor(rung: Rung, request: HealthRequest, world: WatchWorld) {
    this.#rung = rung;
    this.#world = world;
    this.#attempt = rung.health.began(request, world.nowMs());
  }

  content(ms: number): void {
    if (this.#attempt.stream) this.#rung.health.content(this.#attempt, ms, this.#world.nowMs());
  }

  ended(how: ExchangeEnd, usage: Usage | undefined): void {
    const { nowMs, random, onEnded } = this.#world;
    const { health, dialect, deployment } = this.#rung;
    const end: HealthEnd = {
      end: how.outcome === "failed" ? how.failure : how.outcome,
      contentMs: how.firstContentMs,
      totalMs: how.totalMs,
      usedTokens: usage && totalTokens(usage),
      limits: how.headers && dialect.client.rateLimits?.(how.headers),
    };
    health.ended(this.#attempt, end, nowMs(), random.unit());
    onEnded(deployment);
  }
}
