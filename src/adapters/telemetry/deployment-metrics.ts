import { Gauge, type Registry } from "prom-client";

/** How a deployment is for this process. */
export interface DeploymentFacts {
  /** A name of the configuration. */
  readonly deployment: string;
  readonly state: "closed" | "open" | "half-open";
  readonly inFlight: number;
  /** Kept away until then, ms since 1970; absent where it is not. */
  readonly coolingUntilMs?: number;
}

const states = ["closed", "open", "half-open"] as const;

/** Adds the metrics of deployments: one series of each for every deployment of the configuration, three of its state. */
export function observeDeployments(registry: Registry, facts: () => readonly DeploymentFacts[]): void {
  const state: Gauge = new Gauge({
    name: "signalbox_deployment_state",
    help: "1 for the state that a deployment's breaker is in (closed, open, half-open), 0 for the others.",
    labelNames: ["deployment", "state"],
    registers: [registry],
    collect() {
      state.reset();
      for (const { deployment, state: now } of facts())
        for (const one of states) state.set({ deployment, state: one }, one === now ? 1 : 0);
    },
  });
  const inFlight: Gauge = new Gauge({
    name: "signalbox_deployment_in_flight",
    help: "Attempts that this process has under way at a deployment.",
    labelNames: ["deployment"],
    registers: [registry],
    collect() {
      inFlight.reset();
      for (const one of facts()) inFlight.set({ deployment: one.deployment }, one.inFlight);
    },
  });
  const cooldown: Gauge = new Gauge({
    name: "signalbox_deployment_cooldown_until_timestamp_seconds",
    help: "Until when a deployment is not asked, since it, its credential or its quota said so, seconds since 1970; no series where that is not so.",
    labelNames: ["deployment"],
    registers: [registry],
    collect() {
      cooldown.reset();
      for (const { deployment, coolingUntilMs } of facts())
        if (coolingUntilMs !== undefined) cooldown.set({ deployment }, coolingUntilMs / 1_000);
    },
  });
}
