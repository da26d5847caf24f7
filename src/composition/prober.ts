import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import { isAlive } from "#composition/deployment-views.ts";
import { requestId } from "#core/kernel/request-id.ts";
import type { ProbePolicy } from "#core/resilience/probe-plan.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import { servingAt } from "#core/routing/eligibility.ts";
import type { Configuration } from "#features/configuration/index.ts";
import {
  healthIdentityOf,
  ownLease,
  postgresLease,
  Prober,
  proberLeaseMs,
  type GatewaySnapshot,
  type Healths,
  type Lease,
  type ProbedHealth,
  type ProbeTarget,
} from "#features/gateway/index.ts";

/** What the prober is made over. */
export interface ProberParts {
  readonly database: Database;
  readonly upstream: UpstreamPort;
  readonly logger: Logger;
  readonly healths: Healths;
  /** ms since 1970, by the clock of `healths`. */
  readonly steadyMs: () => number;
  readonly configuration: () => Configuration;
  readonly snapshot: () => GatewaySnapshot;
  /** How often is probed; the usual when absent. */
  readonly policy?: ProbePolicy & { readonly roundMs?: number };
}

/** Starts to probe what no request tells of. */
export function startProber(parts: ProberParts): Prober {
  const { upstream, database, steadyMs, policy, logger } = parts;
  const prober = new Prober({
    upstream,
    timers: systemTimers,
    // Of the same time as the healths, since it is compared with theirs.
    clock: { nowMs: () => systemClock.nowMs(), monotonicMs: steadyMs },
    health: probedHealth(parts),
    lease: leaseOf(database),
    ...(policy && { policy }),
    ...(policy?.roundMs !== undefined && { roundMs: policy.roundMs }),
    onLeaseError: (error) => logger.warn({ err: error }, "the prober's lease could not be held or released"),
  });
  prober.start();
  return prober;
}

/** The embedded database has one process only. */
function leaseOf({ kind, kysely }: Database): Lease {
  if (kind === "pglite") return ownLease;
  const holder = requestId(systemClock.nowMs(), systemRandom.bytes(10));
  return postgresLease(kysely, { name: "prober", holder, lifetimeMs: proberLeaseMs });
}

/** The deployment, or what is asked in its place now. */
function servingNow(deployment: Deployment): Deployment {
  return servingAt(deployment, systemClock.nowMs());
}

/**
 * The deployments that somebody configured, and those of the catalog that were asked already, as long as they are in
 * service. One that was never asked is idle since the prober began: a start asks nobody.
 */
function probedHealth({ healths, steadyMs, configuration, snapshot }: ProberParts): ProbedHealth {
  const beganMs = steadyMs();
  const healthOf = (deployment: Deployment) => healths.of(healthIdentityOf(servingNow(deployment)));
  return {
    candidates() {
      const nowMs = steadyMs();
      const { standings } = snapshot();
      return [...configuration().deployments.values()].flatMap((deployment) => {
        const { name, model } = deployment;
        if (standings?.get(name)?.heldBack !== undefined || !isAlive(deployment, systemClock.nowMs()))
          return [];
        const health = healthOf(deployment);
        const { trafficAtMs } = health;
        if (trafficAtMs === undefined && name === model.id) return [];
        return { deployment: name, state: health.probeState(nowMs), trafficAtMs: trafficAtMs ?? beganMs };
      });
    },
    target: (name) => {
      const deployment = configuration().deployments.get(name);
      return deployment && targetOf(snapshot(), deployment, servingNow(deployment));
    },
    report(name, result) {
      const deployment = configuration().deployments.get(name);
      if (!deployment) return;
      const how = result.outcome === "passed" ? result.outcome : result.failure;
      healthOf(deployment).probed(how, steadyMs(), systemRandom.unit());
    },
  };
}

/** Every deployment can be asked by its own name: by a route with one variant. */
function targetOf(
  snapshot: GatewaySnapshot,
  { name }: Deployment,
  serving: Deployment,
): ProbeTarget | undefined {
  const [variant] = snapshot.resolve(name)?.variants.values() ?? [];
  return variant && snapshot.rung({ variant, deployment: serving });
}
