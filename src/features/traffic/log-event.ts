/** What an operator should know about the log. Goes to the log of the process; holds no content. */
export type LogEvent =
  /** The database did not take a batch, which waits in the spool. */
  | {
      readonly kind: "store-failed";
      readonly reason: string;
      readonly waiting: number;
      readonly retryInMs: number;
    }
  | { readonly kind: "store-recovered"; readonly waiting: number }
  /** The database refuses this one for good; `kept` says whether it lies in the spool's `rejected.jsonl`. */
  | {
      readonly kind: "record-rejected";
      readonly requestId: string;
      readonly reason: string;
      readonly kept: boolean;
    }
  /** The content of this request is not stored: it could not be redacted. */
  | { readonly kind: "content-not-kept"; readonly requestId: string; readonly reason: string }
  /** There is no room for usage any more, or there is again. */
  | { readonly kind: "log-full"; readonly reason: string }
  | { readonly kind: "log-has-room" }
  /** Requests are missing in the log from now on. */
  | { readonly kind: "gap-opened"; readonly reason: string }
  | { readonly kind: "gap-closed"; readonly reason: string; readonly requests: number }
  /** Something about the spool's files, in words. */
  | {
      readonly kind: "spool-repaired" | "spool-damaged" | "spool-disk-failed" | "spool-content-dropped";
      readonly file?: string;
      readonly text: string;
    }
  /** The thread that writes the log ended; another takes its place. Nothing is lost by it. */
  | { readonly kind: "log-writer-failed"; readonly reason: string; readonly retryInMs: number }
  /** The shutdown's deadline came first. What was not stored is in the spool for the next start. */
  | { readonly kind: "flush-incomplete"; readonly waiting: number };
