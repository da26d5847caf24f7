/** Entries on disk, in the order they came, until they are released. Two lanes under one bound. */
export interface Spool {
  /** What must not be lost: one entry a record. */
  readonly usage: SpoolLane;
  /** What may be: captured content. The oldest goes first when room is wanted. */
  readonly content: SpoolLane;
  /**
   * Makes what was appended survive a power loss. One call at a time, for all that came meanwhile. What the disk did
   * not take is tried again. Never rejects: trouble is in `state().full`.
   */
  sync(): Promise<void>;
  /** Whether something that was appended may not survive a power loss yet. */
  readonly isDirty: boolean;
  /** Keeps an entry that can never be delivered, for a person to look at. @returns whether there was room for it */
  setAside(payload: Uint8Array): boolean;
  /** Gives back the room of what is released, as far as that costs more than it brings while entries come. */
  trim(): void;
  state(): SpoolState;
  /** Gives the files up. What is not released is there at the next start. */
  close(): void;
}

/** One lane. */
export interface SpoolLane {
  /** Entries that are not released. */
  readonly waiting: number;
  /** Takes entries: `kept`, or `refused` when there is neither room on disk nor in the little memory for such times. */
  append(payloads: readonly Uint8Array[]): "kept" | "refused";
  /**
   * The oldest entries that are synced and not released: the same again until they are. At least one, whatever its
   * size; undefined when there is none.
   */
  read(limits: BatchLimits): SpoolBatch | undefined;
}

/** The largest batch that is wanted. */
export interface BatchLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

/** Entries that were read. */
export interface SpoolBatch {
  readonly payloads: readonly Buffer[];
  /** They are delivered: they will not be read again. */
  release(): void;
}

/** How the spool is. */
export interface SpoolState {
  /** Bytes on disk. */
  readonly bytes: number;
  /** Why there is no room for usage; undefined while there is. */
  readonly full: string | undefined;
  /** Entries of the content lane that went to make room, since the start. */
  readonly contentDropped: number;
  /** Syncs that succeeded since the start, and what they took together and at most, seconds. */
  readonly syncs: { readonly count: number; readonly seconds: number; readonly secondsMax: number };
}

/** Something that was found or done about the files. In words, since a person must judge it. */
export interface SpoolReport {
  readonly kind: "repaired" | "damaged" | "disk-failed" | "content-dropped";
  /** The file, where it is about one. */
  readonly file?: string;
  readonly text: string;
}
