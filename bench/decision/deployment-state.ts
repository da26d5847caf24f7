import type { DeploymentHealth } from "#core/resilience/deployment-health.ts";
import { Healths } from "#features/gateway/index.ts";

/** A moment in 2026; all of the bench happens around it. */
export const nowMs = Date.UTC(2026, 10, 25);

/** The state of deployments, as a gateway under traffic has it: every mechanism has been used. */
export function usedHealths(names: readonly string[], chance: () => number): readonly DeploymentHealth[] {
  const healths = new Healths(() => nowMs);
  return names.map((deployment, place) => {
    // Ten deployments a provider, as keys and regions would be.
    const health = healths.of({ deployment, provider: `provider-${Math.floor(place / 10)}`, model: "model" });
    for (const stream of [true, false]) for (let index = 0; index < 40; index++) use(health, stream, chance);
    return health;
  });
}

/** One attempt within the last five minutes; one in 40 fails. */
function use(health: DeploymentHealth, stream: boolean, chance: () => number): void {
  const atMs = nowMs - 300_000 * chance();
  const contentMs = 200 + 800 * chance();
  const attempt = health.began({ stream, promptTokens: Math.floor(4_000 * chance()), timed: true }, atMs);
  if (stream) health.content(attempt, contentMs, atMs + contentMs);
  const failure = { kind: "server-error", status: 500, message: "a failure of the bench" } as const;
  const end = chance() < 1 / 40 ? failure : "completed";
  const how = { end, contentMs, totalMs: 3_000, usedTokens: 1_000, limits: undefined } as const;
  health.ended(attempt, how, atMs + 3_000, chance());
}
