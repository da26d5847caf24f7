import type { MessagePort } from "node:worker_threads";
import type { ContentRedaction } from "#composition/log-writer/content-redaction.ts";
import type { LogEvent, LogWriterState, UnredactedContent } from "#features/traffic/index.ts";

/** What the thread that writes the log is started with. */
export interface LogWriterStart {
  /** An existing directory that this process has the lock of. */
  readonly directory: string;
  readonly bytesMax: number;
  readonly redaction: ContentRedaction;
  /** A Postgres of its own to connect to, or a port to the thread that has the embedded database. */
  readonly database:
    | { readonly kind: "url"; readonly databaseUrl: string }
    | { readonly kind: "forwarded"; readonly port: MessagePort };
}

/** Records that never reached the thread. */
export interface LostRecords {
  readonly requests: number;
  readonly reason: string;
}

/** What the main thread asks. */
export type LogWriterRequest =
  /** Entries of records, separated by line breaks, UTF-8; and what was lost before them. */
  | {
      readonly kind: "records";
      readonly id: number;
      readonly bytes: Uint8Array;
      readonly lost?: LostRecords;
    }
  | { readonly kind: "content"; readonly id: number; readonly content: UnredactedContent }
  | { readonly kind: "flush" | "close"; readonly id: number; readonly deadlineMs: number };

/** What the thread answers. The first is `ready`; where the spool cannot be opened, the thread ends without. */
export type LogWriterReply =
  | { readonly kind: "ready"; readonly state: LogWriterState }
  /** Everything up to this id is written. */
  | { readonly kind: "taken"; readonly id: number; readonly state: LogWriterState }
  | { readonly kind: "state"; readonly state: LogWriterState }
  | { readonly kind: "event"; readonly event: LogEvent }
  | {
      readonly kind: "flushed" | "closed";
      readonly id: number;
      readonly complete: boolean;
      readonly state: LogWriterState;
    };
