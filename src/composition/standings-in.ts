import type { Standings } from "#core/routing/standing.ts";
import type { Configuration } from "#features/configuration/index.ts";

/** How deployments stand by what was done with them, and by what the configuration takes out of service. */
export function standingsIn({ deployments }: Configuration, done: Standings): Standings {
  const disabled = [...deployments.values()].filter((deployment) => deployment.disabled);
  if (disabled.length === 0) return done;
  const heldBack = disabled.map(
    ({ name }) =>
      [name, { ...done.get(name), heldBack: `${name} is disabled in the configuration` }] as const,
  );
  return new Map([...done, ...heldBack]);
}
