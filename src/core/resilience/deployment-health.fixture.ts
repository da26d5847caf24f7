import type { Candidate } from "#core/balancing/candidate.ts";
import type { Filled } from "#core/kernel/filled.ts";
import { AdaptiveThrottle } from "./adaptive-throttle.ts";
import { Breaker, breakerDefaults } from "./breaker.ts";
import { ConcurrencyLimit, concurrencyDefaults } from "./concurrency-limit.ts";
import { Cooldowns } from "./cooldowns.ts";
import {
  DeploymentHealth,
  type HealthEnd,
  type HealthParts,
  type HealthRequest,
} from "./deployment-health.ts";
import { Headroom } from "./headroom.ts";
import { ReEntry } from "./re-entry.ts";

/** A stream whose prompt is of no size. */
export const exampleRequest: HealthRequest = { stream: true, promptTokens: 0, timed: true };

/** A health with mechanisms of its own, as they are by default, but for those that are given. */
export function exampleHealth(name = "flash", parts: Partial<HealthParts> = {}): DeploymentHealth {
  return new DeploymentHealth({
    keys: { deployment: `deployment ${name}`, credential: "credential google", quota: "quota google flash" },
    cooldowns: new Cooldowns(),
    breaker: new Breaker(breakerDefaults),
    reEntry: new ReEntry(),
    limit: new ConcurrencyLimit({ ...concurrencyDefaults, initial: 100 }),
    throttle: new AdaptiveThrottle(),
    headroom: new Headroom(),
    ...parts,
  });
}

/** An end of an attempt that took so long, with nothing else known of it. */
export function endOf(end: HealthEnd["end"], contentMs?: number): HealthEnd {
  return { end, contentMs, totalMs: contentMs ?? 10, usedTokens: undefined, limits: undefined };
}

/** What a health shows of itself to a choice. */
export function shown(
  health: DeploymentHealth,
  nowMs: number,
  { request = exampleRequest, chance = 0.99 }: { request?: HealthRequest; chance?: number } = {},
): Candidate {
  const candidate: Filled<Candidate> = {
    weight: 1,
    share: 1,
    costMs: undefined,
    inFlight: 0,
    state: "ready",
    availableAtMs: 0,
  };
  health.showTo(candidate, request, { nowMs, chance });
  return candidate;
}

/** An attempt from its beginning to its end, at one moment; a stream that is answered has content. */
export function attempt(health: DeploymentHealth, how: HealthEnd, nowMs: number): void {
  const begun = health.began(exampleRequest, nowMs);
  if (how.contentMs !== undefined) health.content(begun, how.contentMs, nowMs);
  health.ended(begun, how, nowMs, 0);
}
