import type { Deployment } from "#core/routing/deployment.ts";
import type { Configuration } from "#features/configuration/index.ts";
import type { StandingsView } from "#features/deployments/index.ts";
import { healthIdentityOf, type HealthIdentity, type Healths } from "#features/gateway/index.ts";

/** What takes traffic at one moment. */
interface Moment {
  readonly configuration: Configuration;
  readonly view: StandingsView;
}

/**
 * Lets deployments begin with few requests that are new to a running Signalbox: another configuration has them, or
 * somebody enabled them. Those that are there at the start begin with their whole share, since they are not new.
 */
export class SlowStart {
  readonly #healths: Healths;
  readonly #nowMs: () => number;
  #last: Moment | undefined;

  /** @param nowMs by the clock of `healths` */
  constructor(healths: Healths, nowMs: () => number) {
    this.#healths = healths;
    this.#nowMs = nowMs;
  }

  /** Something changed: another configuration is in force, or a deployment stands otherwise. */
  changed(configuration: Configuration, view: StandingsView): void {
    const last = this.#last;
    this.#last = { configuration, view };
    if (!last) return;
    for (const deployment of configuration.deployments.values())
      if (isEntering(deployment, last, view))
        this.#healths.of(healthIdentityOf(deployment)).enter(this.#nowMs());
    this.#healths.keep([...configuration.deployments.values()].flatMap(identitiesOf));
  }
}

function isEntering(deployment: Deployment, last: Moment, { standings }: StandingsView): boolean {
  const { name } = deployment;
  const since = standings.get(name)?.readySinceMs;
  if (since !== undefined && since !== last.view.standings.get(name)?.readySinceMs) return true;
  const former = last.configuration.deployments.get(name);
  return former === undefined || keyOf(former) !== keyOf(deployment);
}

/** Its own, and those of what is asked in the place of its model. */
function identitiesOf(deployment: Deployment): readonly HealthIdentity[] {
  const { successor } = deployment;
  return [healthIdentityOf(deployment), ...(successor ? identitiesOf(successor) : [])];
}

function keyOf(deployment: Deployment): string {
  return JSON.stringify(healthIdentityOf(deployment));
}
