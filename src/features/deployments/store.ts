import type { DeploymentStatus, NewDeploymentStatus } from "./deployment-status.ts";

/** Every status there is, as of one moment. */
export interface StatusView {
  /** The change of the status up to which this tells everything. */
  readonly epoch: number;
  /** By the deployment's name. */
  readonly statuses: ReadonlyMap<string, DeploymentStatus>;
}

/** How many attempts a process has under way at a deployment. */
export interface UnderWayReport {
  /** Which process: a name that no other one has. */
  readonly process: string;
  readonly deployment: string;
  readonly count: number;
}

/**
 * Where the status of deployments is kept, apart from what the configuration says of them; each change takes the next
 * number of the status epoch, which configurations share. Implementations: memory (tests), Postgres and PGlite; one
 * contract for all.
 */
export interface DeploymentStore {
  /** Everything, whole. */
  read(): Promise<StatusView>;
  /** The newest change of the status, whatever it was of. */
  epoch(): Promise<number>;
  /** One status; undefined for a deployment that nobody touched. */
  get(deployment: string): Promise<DeploymentStatus | undefined>;
  /**
   * Keeps a status in the place of the one with that epoch (0: of none).
   * @returns the status with its epoch; undefined when another one is there by now: somebody else was faster
   */
  put(status: NewDeploymentStatus, replaces: number): Promise<DeploymentStatus | undefined>;
  /**
   * Forgets the status with that epoch.
   * @returns whether it was still that one
   */
  remove(deployment: string, epoch: number): Promise<boolean>;
  /** Tells the other processes how much this one has under way. */
  reportUnderWay(report: UnderWayReport): Promise<void>;
  /**
   * What the other processes said of a deployment within the last `freshMs`, together. Times are the store's own, so
   * that clocks need not agree.
   */
  underWayElsewhere(deployment: string, options: { process: string; freshMs: number }): Promise<number>;
  /** Forgets what processes said of a deployment. */
  forgetUnderWay(deployment: string): Promise<void>;
}
