import type { UnredactedContent } from "./unredacted-content.ts";

/** What writes the log, as the recorder sees it: a thread of its own, or something in this one where nothing is to last. */
export interface LogWriterPort {
  /** Takes entries of records. Returns at once, never throws; what cannot be taken is counted and noted as a gap. */
  write(entries: readonly string[]): void;
  /** Takes content, to be redacted and then written. Returns at once, never throws; what cannot be taken is counted. */
  writeContent(content: UnredactedContent): void;
  /** Why there is no room for usage; undefined while there is. Asked for each request: costs nothing. */
  readonly full: string | undefined;
  /** The newest state that is known here: at most a quarter of a second old. */
  state(): LogWriterState;
  /** Carries what waits into the database. @returns whether all was within the deadline */
  flush(deadlineMs: number): Promise<boolean>;
  /** Flushes and ends. What is not delivered by then is delivered after the next start. */
  close(deadlineMs: number): Promise<boolean>;
}

/** What happened to entries since the start, and what is in the spool. Records, where nothing else is said. */
export interface LogWriterState {
  /** Taken into the spool. */
  readonly spooled: number;
  /** Kept by the database; those of an earlier process that waited in the spool included. */
  readonly stored: number;
  /** In the spool and not yet stored. */
  readonly waiting: number;
  /** When the oldest that waits came in, ms since 1970. */
  readonly oldestMs: number | undefined;
  /** Lost because neither disk nor memory had room. */
  readonly dropped: number;
  /** Notes of such losses, written behind them. */
  readonly gaps: number;
  /** Refused by the database for good. Contents included. */
  readonly rejected: number;
  /** Batches that the database did not take and that were, or will be, tried again. */
  readonly retries: number;
  /** Bytes of the spool on disk. */
  readonly spoolBytes: number;
  readonly contentWaiting: number;
  /** Contents that went because room was wanted. */
  readonly contentDropped: number;
  /** Why there is no room for usage; undefined while there is. */
  readonly full: string | undefined;
  /** Syncs of the disk: how many, what they took together and at most, seconds. */
  readonly syncs: { readonly count: number; readonly seconds: number; readonly secondsMax: number };
}

/** The state before anything has happened. */
export const emptyLogWriterState: LogWriterState = {
  spooled: 0,
  stored: 0,
  waiting: 0,
  oldestMs: undefined,
  dropped: 0,
  gaps: 0,
  rejected: 0,
  retries: 0,
  spoolBytes: 0,
  contentWaiting: 0,
  contentDropped: 0,
  full: undefined,
  syncs: { count: 0, seconds: 0, secondsMax: 0 },
};

/** Counts of two log writers, one after the other, together; what is a state and no count is the later one's. */
export function addedStates(earlier: LogWriterState, later: LogWriterState): LogWriterState {
  return {
    ...later,
    spooled: earlier.spooled + later.spooled,
    stored: earlier.stored + later.stored,
    dropped: earlier.dropped + later.dropped,
    gaps: earlier.gaps + later.gaps,
    rejected: earlier.rejected + later.rejected,
    retries: earlier.retries + later.retries,
    contentDropped: earlier.contentDropped + later.contentDropped,
    syncs: {
      count: earlier.syncs.count + later.syncs.count,
      seconds: earlier.syncs.seconds + later.syncs.seconds,
      secondsMax: Math.max(earlier.syncs.secondsMax, later.syncs.secondsMax),
    },
  };
}
