import type { Filled } from "#core/kernel/filled.ts";
import type { Standing, Standings } from "#core/routing/standing.ts";
import type { DeploymentState, DeploymentStatus } from "./deployment-status.ts";

/** What a request is told of a deployment that it does not go to. */
const words: Readonly<Record<Exclude<DeploymentState, "ready">, string>> = {
  verifying: "is being verified",
  refused: "did not pass its verification",
  draining: "is draining",
  drained: "is drained",
  disabled: "is disabled",
};

/** What requests are decided on, from the statuses there are. */
export function standingsOf(statuses: ReadonlyMap<string, DeploymentStatus>): Standings {
  return new Map([...statuses.values()].map((status) => [status.deployment, standingOf(status)]));
}

function standingOf(status: DeploymentStatus): Standing {
  const standing: Filled<Standing> = {};
  if (status.weight !== undefined) standing.weight = status.weight;
  if (status.state === "ready") {
    if (status.sinceMs !== undefined) standing.readySinceMs = status.sinceMs;
    return standing;
  }
  standing.heldBack = `${status.deployment} ${words[status.state]}${sinceText(status.sinceMs)}`;
  return standing;
}

/** To the second: decisions are read by people. */
function sinceText(sinceMs: number | undefined): string {
  return sinceMs === undefined ? "" : ` since ${new Date(sinceMs).toISOString().slice(0, 19)}Z`;
}
