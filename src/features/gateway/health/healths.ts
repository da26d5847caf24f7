import { AdaptiveThrottle, throttleDefaults } from "#core/resilience/adaptive-throttle.ts";
import { Breaker, breakerDefaults, type BreakerSettings } from "#core/resilience/breaker.ts";
import { ConcurrencyLimit, concurrencyDefaults } from "#core/resilience/concurrency-limit.ts";
import { Cooldowns } from "#core/resilience/cooldowns.ts";
import { DeploymentHealth } from "#core/resilience/deployment-health.ts";
import { Headroom } from "#core/resilience/headroom.ts";
import { ReEntry } from "#core/resilience/re-entry.ts";
import type { Deployment, DeploymentLimits } from "#core/routing/deployment.ts";

/** Nothing is known of a deployment's room at first: it is given much, and less as soon as it refuses. */
const concurrency = { ...concurrencyDefaults, initial: 1_000, max: 10_000 };

/** A few refusals are the breaker's matter and the cooldown's; many are spared. */
const throttle = { ...throttleDefaults, requestsMin: 50 };

/** What tells one deployment from another: with another provider or model it is another one, of which nothing is known. */
export interface HealthIdentity {
  readonly deployment: string;
  readonly provider: string;
  /** The model's id in the provider's words. */
  readonly model: string;
  /** What the provider takes of it; with other limits what was counted is forgotten. */
  readonly limits?: DeploymentLimits;
}

/** What tells a deployment of a configuration from another. */
export function healthIdentityOf({ name, provider, model, limits }: Deployment): HealthIdentity {
  return { deployment: name, provider, model: model.id, ...(limits && { limits }) };
}

/** The health of every deployment that there is: kept over changes of the configuration, for as long as it names them. */
export class Healths {
  readonly #cooldowns = new Cooldowns();
  readonly #breaker: BreakerSettings;
  readonly #nowMs: () => number;
  readonly #throttles = new Map<string, AdaptiveThrottle>();
  readonly #healths = new Map<string, DeploymentHealth>();

  /** @param nowMs ms since 1970, by a clock that does not step back */
  constructor(nowMs: () => number, breaker: BreakerSettings = breakerDefaults) {
    this.#nowMs = nowMs;
    this.#breaker = breaker;
  }

  /** The health of a deployment; made when it is first asked for. */
  of(identity: HealthIdentity): DeploymentHealth {
    const key = keyOf(identity);
    const known = this.#healths.get(key);
    if (known) return known;
    const made = this.#made(identity);
    this.#healths.set(key, made);
    return made;
  }

  /** Forgets deployments that a new configuration no longer names. */
  keep(identities: Iterable<HealthIdentity>): void {
    const kept = [...identities];
    deleteOthers(this.#healths, kept.map(keyOf));
    deleteOthers(this.#throttles, kept.map(quotaOf));
  }

  #made(identity: HealthIdentity): DeploymentHealth {
    const { deployment, provider, limits = {} } = identity;
    const inFlightMax = limits.concurrency ?? concurrency.max;
    const quota = quotaOf(identity);
    return new DeploymentHealth({
      keys: { deployment: `deployment ${deployment}`, credential: `credential ${provider}`, quota },
      cooldowns: this.#cooldowns,
      breaker: new Breaker(this.#breaker, this.#nowMs()),
      reEntry: new ReEntry(),
      limit: new ConcurrencyLimit({
        ...concurrency,
        initial: Math.min(concurrency.initial, inFlightMax),
        max: inFlightMax,
      }),
      throttle: this.#throttle(quota),
      headroom: new Headroom(limits),
    });
  }

  #throttle(quota: string): AdaptiveThrottle {
    const known = this.#throttles.get(quota);
    if (known) return known;
    const made = new AdaptiveThrottle(throttle);
    this.#throttles.set(quota, made);
    return made;
  }
}

function keyOf({ deployment, provider, model, limits }: HealthIdentity): string {
  return JSON.stringify([deployment, provider, model, limits]);
}

/** What is used up together: of one credential, for one model. */
function quotaOf({ provider, model }: HealthIdentity): string {
  return `quota ${provider} ${model}`;
}

function deleteOthers(map: Map<string, unknown>, keys: readonly string[]): void {
  const kept = new Set(keys);
  for (const key of map.keys()) if (!kept.has(key)) map.delete(key);
}
