import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { present } from "#core/kernel/present.ts";
import { Turns } from "#core/kernel/turns.ts";
import type { Standings } from "#core/routing/standing.ts";
import type { DeploymentEvent } from "./deployment-event.ts";
import {
  ourselves,
  type DeploymentState,
  type DeploymentStatus,
  type NewDeploymentStatus,
} from "./deployment-status.ts";
import { standingsOf } from "./standings.ts";
import type { DeploymentStore, StatusView } from "./store.ts";
import { stateAfter, type Operation } from "./transition.ts";

/** What the service works with. */
export interface DeploymentPorts {
  readonly store: DeploymentStore;
  readonly clock: Pick<Clock, "nowMs">;
  /** What the configuration in force says of a deployment; undefined where it has none of that name. */
  readonly configured: (deployment: string) => { readonly disabled?: true } | undefined;
  /** Attempts that this process has under way at a deployment. */
  readonly underWay: (deployment: string) => number;
  /** This process and the others on the same store; `alone` where there are none (the embedded database). */
  readonly process: { readonly kind: "alone" } | { readonly kind: "one-of-many"; readonly name: string };
  readonly onEvent: (event: DeploymentEvent) => void;
}

/** Who changes a deployment, and on what. */
export interface StatusChange {
  readonly by: string;
  readonly why?: string;
  /** Epoch of the status that was seen; 0 for none. Another one is there by now: conflict. */
  readonly epoch?: number;
}

/** What requests are decided on: the standings as of a status epoch. Never changed. */
export interface StandingsView {
  readonly statusEpoch: number;
  readonly standings: Standings;
}

/** How long a verification takes at most, ms: one that is older has lost its process. */
export const verificationMsMax = 10 * 60_000;
/** How often a change without an epoch is made again that others were faster with. */
const triesMax = 8;
/**
 * How long after the last that was heard of a process its report counts, and how long a deployment drains at least where
 * there are other processes, ms: three times the period in which each follows, so that all have noticed and told.
 */
export const drainSettleMs = 6_000;

/**
 * The status of deployments: read from memory on each request, changed by operators and by what follows by itself. Other
 * processes on the same store follow within seconds.
 */
export class DeploymentService {
  readonly #ports: DeploymentPorts;
  #view: StatusView = { epoch: 0, statuses: new Map() };
  #standings: StandingsView = { statusEpoch: 0, standings: new Map() };
  readonly #turns = new Turns();
  /** So that an outage is told once. */
  #isFollowFailing = false;

  constructor(ports: DeploymentPorts) {
    this.#ports = ports;
  }

  /** Reads what there is. @throws AppError store-unavailable */
  start(): Promise<void> {
    return this.#turns.take(async () => {
      await this.#refresh();
      // Nobody else can be at it: this process has only just begun.
      if (this.#ports.process.kind === "alone") await this.#giveUpVerifications(0);
    });
  }

  /** What requests are decided on now: the same object until something changes. */
  readonly standings = (): StandingsView => this.#standings;

  /** Every status, by the deployment's name; from memory. */
  readonly deploymentStates = (): ReadonlyMap<string, DeploymentStatus> => this.#view.statuses;

  /**
   * No new requests; those under way finish.
   * @throws AppError not-found; conflict
   */
  drain(deployment: string, change: StatusChange): Promise<DeploymentStatus> {
    return this.#operate("drain", deployment, change);
  }

  /** Out of service until it is enabled. Requests under way finish. @throws AppError not-found; conflict */
  disable(deployment: string, change: StatusChange): Promise<DeploymentStatus> {
    return this.#operate("disable", deployment, change);
  }

  /** Takes requests again, few at first. @throws AppError not-found; conflict */
  enable(deployment: string, change: StatusChange): Promise<DeploymentStatus> {
    if (this.#ports.configured(deployment)?.disabled)
      return Promise.reject(disabledByConfiguration(deployment));
    return this.#operate("enable", deployment, change);
  }

  /**
   * Sets the weight in place of the configured one; null gives the configured one back.
   * @throws AppError not-found; conflict
   */
  setWeight(deployment: string, weight: number | null, change: StatusChange): Promise<DeploymentStatus> {
    return this.#change(deployment, change, (status) => {
      if ((status.weight ?? null) === weight) return status;
      const { weight: _former, ...rest } = status;
      return weight === null ? rest : { ...rest, weight };
    });
  }

  /**
   * Sets the status of a deployment, whatever it was: of one that is registered, or that a verification is over of.
   * @throws AppError conflict
   */
  put(status: Omit<NewDeploymentStatus, "changedAtMs" | "changedBy">, change: StatusChange) {
    return this.#turns.take(() => this.#replace(status.deployment, change, () => status));
  }

  /**
   * Forgets what is known of a deployment that is out of use: refused, or named by the configuration no longer.
   * @returns what it was
   * @throws AppError not-found; conflict
   */
  forget(deployment: string, change: StatusChange): Promise<DeploymentStatus> {
    return this.#turns.take(async () => {
      const { store, onEvent } = this.#ports;
      const status = await store.get(deployment);
      if (!status) throw nothingKnown(deployment);
      if (change.epoch !== undefined && change.epoch !== status.epoch)
        throw stale(deployment, change.epoch, status);
      const actual = this.#inUse(status);
      if (actual !== undefined) throw notForgotten(deployment, actual);
      const isRemoved = await store.remove(deployment, status.epoch);
      if (isRemoved) await store.forgetUnderWay(deployment);
      await this.#refresh();
      if (!isRemoved) throw stale(deployment, status.epoch, await store.get(deployment));
      const { state } = status;
      onEvent({
        kind: "deployment-forgotten",
        deployment,
        state,
        by: change.by,
        ...present({ why: change.why }),
      });
      return status;
    });
  }

  /** Why a deployment is not to be forgotten; undefined where it may be. */
  #inUse({ deployment, state }: DeploymentStatus): string | undefined {
    if (state === "refused") return undefined;
    if (state === "verifying") return "it is being verified";
    return this.#ports.configured(deployment) ? `it is ${state}, and the configuration names it` : undefined;
  }

  /** Takes what other processes did, and does what follows by itself. Never rejects: failures are events. */
  async follow(): Promise<void> {
    try {
      await this.#turns.take(() => this.#follow());
      this.#isFollowFailing = false;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!this.#isFollowFailing) this.#ports.onEvent({ kind: "deployment-status-not-followed", error });
      this.#isFollowFailing = true;
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#turns.over();
  }

  #operate(operation: Operation, deployment: string, change: StatusChange): Promise<DeploymentStatus> {
    return this.#change(deployment, change, (status, nowMs) => {
      const next = stateAfter(operation, status);
      if (!next.ok) throw next.error;
      return next.value === status.state ? status : { ...status, state: next.value, sinceMs: nowMs };
    });
  }

  /** Changes what the configuration has, or what was registered. */
  #change(deployment: string, change: StatusChange, next: Next): Promise<DeploymentStatus> {
    return this.#turns.take(async () => {
      const isKnown = this.#ports.configured(deployment) !== undefined || this.#view.statuses.has(deployment);
      if (!isKnown) throw unknownDeployment(deployment);
      return this.#replace(deployment, change, next);
    });
  }

  async #replace(deployment: string, change: StatusChange, next: Next): Promise<DeploymentStatus> {
    const { store, clock } = this.#ports;
    for (let tries = 1; ; tries++) {
      const former = await store.get(deployment);
      if (change.epoch !== undefined && change.epoch !== (former?.epoch ?? 0))
        throw stale(deployment, change.epoch, former);
      const nowMs = clock.nowMs();
      const current = former ?? untouched(deployment);
      const wanted = next(current, nowMs);
      if (wanted === current) return current;
      const { why: _why, ...rest } = wanted;
      const status = { ...rest, ...present({ why: change.why }), changedAtMs: nowMs, changedBy: change.by };
      const kept = await store.put(status, former?.epoch ?? 0);
      if (kept) return this.#changed(kept);
      if (tries === triesMax) throw stale(deployment, former?.epoch ?? 0, await store.get(deployment));
    }
  }

  async #changed(status: DeploymentStatus): Promise<DeploymentStatus> {
    await this.#refresh();
    const { deployment, state, weight, changedBy: by, why, epoch } = status;
    this.#ports.onEvent({
      kind: "deployment-changed",
      deployment,
      state,
      by,
      epoch,
      ...present({ weight, why }),
    });
    return status;
  }

  async #follow(): Promise<void> {
    const { store, process } = this.#ports;
    if (process.kind === "one-of-many" && (await store.epoch()) !== this.#view.epoch) await this.#refresh();
    await this.#giveUpVerifications(verificationMsMax);
    for (const status of this.#view.statuses.values()) {
      if (status.state === "draining") await this.#settleDrain(status);
    }
  }

  async #settleDrain(status: DeploymentStatus): Promise<void> {
    if (!(await this.#isDrained(status))) return;
    await this.#step(status, "drained", "nothing is under way any more");
    await this.#ports.store.forgetUnderWay(status.deployment);
  }

  /** A verification whose process is gone has no end of its own. */
  async #giveUpVerifications(afterMs: number): Promise<void> {
    const beforeMs = this.#ports.clock.nowMs() - afterMs;
    for (const status of this.#view.statuses.values()) {
      if (status.state !== "verifying" || (status.sinceMs ?? 0) > beforeMs) continue;
      await this.#step(status, "refused", "its verification was broken off; deploy it again");
    }
  }

  /** What follows by itself, unless something else was done meanwhile. */
  async #step(status: DeploymentStatus, state: DeploymentState, why: string): Promise<void> {
    const { deployment, epoch } = status;
    try {
      const change = { by: ourselves, why, epoch };
      await this.#replace(deployment, change, (current, nowMs) => ({ ...current, state, sinceMs: nowMs }));
    } catch (error) {
      // Another process saw it first, or somebody enabled it: the next look shows which.
      if (!(error instanceof AppError) || error.code !== "conflict") throw error;
      await this.#refresh();
    }
  }

  async #isDrained({ deployment, sinceMs = 0 }: DeploymentStatus): Promise<boolean> {
    const { store, process, underWay, clock } = this.#ports;
    const count = underWay(deployment);
    if (process.kind === "alone") return count === 0;
    await store.reportUnderWay({ process: process.name, deployment, count });
    if (count > 0 || clock.nowMs() < sinceMs + drainSettleMs) return false;
    const others = { process: process.name, freshMs: drainSettleMs };
    return (await store.underWayElsewhere(deployment, others)) === 0;
  }

  async #refresh(): Promise<void> {
    const view = await this.#ports.store.read();
    this.#view = view;
    this.#standings = { statusEpoch: view.epoch, standings: standingsOf(view.statuses) };
  }
}

/** What a status becomes; the same object where nothing changes. */
type Next = (
  current: DeploymentStatus,
  nowMs: number,
) => Omit<NewDeploymentStatus, "changedAtMs" | "changedBy">;

/** The status of a deployment that nobody touched. */
export function untouched(deployment: string): DeploymentStatus {
  return { deployment, state: "ready", changedAtMs: 0, changedBy: ourselves, epoch: 0 };
}

/** The error of a name that stands for no deployment. */
export function unknownDeployment(name: string): AppError {
  return new AppError(
    "not-found",
    `Cannot find deployment "${name}": the name of a deployment is wanted, none has it`,
  );
}

function nothingKnown(name: string): AppError {
  return new AppError(
    "not-found",
    `Cannot forget deployment "${name}": one that was registered or changed is wanted, nobody has touched it`,
  );
}

function notForgotten(name: string, actual: string): AppError {
  return new AppError(
    "conflict",
    `Cannot forget deployment "${name}": one that was refused, or that the configuration does not name, is wanted, ${actual}`,
  );
}

function disabledByConfiguration(name: string): AppError {
  return new AppError(
    "conflict",
    `Cannot enable deployment "${name}": \`enabled\` is wanted in the configuration, which takes it out of service`,
  );
}

function stale(deployment: string, wanted: number, status: DeploymentStatus | undefined): AppError {
  const actual = status
    ? `${status.epoch}: ${status.state}, changed by ${status.changedBy} at ${new Date(status.changedAtMs).toISOString()}`
    : "0: nobody has touched it";
  return new AppError(
    "conflict",
    `Cannot change deployment "${deployment}": epoch ${wanted} of its status is wanted, it is ${actual}; look again`,
  );
}
