import type {
  ExperimentChange,
  KeptVerdict,
  NewNotification,
  Notification,
  Settlement,
} from "./notification.ts";

/** Messages that one address may have waiting: of more the oldest are given up. */
export const waitingMax = 1_000;

/** Why such a message is given up. */
export const tooManyWait = `more than ${waitingMax} messages wait`;

/** Where verdicts, messages, and what was made of changes are kept. Every method: @throws AppError store-unavailable */
export interface NotificationStore {
  /** The change that messages were made of last; undefined before any. */
  cursor(): Promise<number | undefined>;
  /** The newest change of any experiment; 0 before any. */
  newestChange(): Promise<number>;
  /** The changes after one, oldest first, at most so many. */
  changesAfter(epoch: number, limit: number): Promise<readonly ExperimentChange[]>;
  /** Notes up to which change messages were made, and keeps these; both or none. What is kept already stays as it is. */
  keepChanges(upTo: number, messages: readonly NewNotification[]): Promise<void>;
  /** Forgets which changes were looked at: nobody is told of any. */
  forgetCursor(): Promise<void>;
  /** The verdicts as they were read last, by experiment. */
  verdicts(): Promise<ReadonlyMap<string, KeptVerdict>>;
  /** Keeps a verdict in the place of the former one, and the messages of its change; both or none. What is kept already stays as it is. */
  keepVerdict(verdict: KeptVerdict, messages: readonly NewNotification[]): Promise<void>;
  /** The messages that wait for an address, oldest first, at most so many. */
  waiting(target: string, limit: number): Promise<readonly Notification[]>;
  /** Names of the addresses for which messages wait. */
  waitingTargets(): Promise<readonly string[]>;
  /** Notes what became of a message. */
  settle(message: Pick<Notification, "id" | "target">, settlement: Settlement): Promise<void>;
  /** The newest messages about an experiment, newest first, at most so many. */
  newest(experiment: string, limit: number): Promise<readonly Notification[]>;
  /** Gives up what waits beyond `waitingMax`, and forgets what was over before a time. */
  tidy(target: string, overBeforeMs: number): Promise<void>;
}
