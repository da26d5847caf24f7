import type { Decision } from "#core/experiments/verdict.ts";
import type { ExperimentTransition } from "../experiment-status.ts";

/** What a message tells of. */
export type NotificationKind =
  | "experiment.verdict_changed"
  | "experiment.started"
  | "experiment.paused"
  | "experiment.resumed"
  | "experiment.stopped"
  | "experiment.decided"
  | "experiment.phase_began";

/** A message to one address, as it is made. */
export interface NewNotification {
  /** The same however often it is made or sent: who gets it twice knows it by this. */
  readonly id: string;
  /** The name of the address. */
  readonly target: string;
  readonly experiment: string;
  readonly kind: NotificationKind;
  /** JSON, as it is signed and sent. */
  readonly body: string;
  /** ms since 1970. */
  readonly madeAtMs: number;
}

/** Where a message is: it waits, it was taken, or nobody tries any more. */
export const notificationStates = ["waiting", "delivered", "given-up"] as const;

/** One of them. */
export type NotificationState = (typeof notificationStates)[number];

/** A message with what became of it. */
export interface Notification extends NewNotification {
  /** In the order in which they were made. */
  readonly number: number;
  readonly state: NotificationState;
  /** How often it was sent. */
  readonly attempts: number;
  /** When it is tried next, ms since 1970; of one that does not wait, when it was tried last. */
  readonly atMs: number;
  /** Why it was not taken the last time; never holds the address. */
  readonly failure?: string;
}

/** What becomes of a message that was sent. */
export type Settlement = Pick<Notification, "state" | "attempts" | "atMs" | "failure">;

/** The verdict of an experiment as it was read last. */
export interface KeptVerdict {
  readonly experiment: string;
  readonly phase: number;
  readonly decision: Decision;
  /** The variant to ship; absent unless the decision is that. */
  readonly variant?: string;
  readonly sentence: string;
  /** How often it had changed, over all phases. */
  readonly changes: number;
  /** When it was read last, ms since 1970. */
  readonly readAtMs: number;
}

/** A change of an experiment with whose it is. */
export interface ExperimentChange extends ExperimentTransition {
  readonly experiment: string;
}
