/** What the main thread asks of the PGlite worker. */
export type WorkerRequest =
  | {
      readonly kind: "query";
      readonly id: number;
      readonly sql: string;
      readonly parameters: readonly unknown[];
    }
  | { readonly kind: "close"; readonly id: number };

/** What the worker answers. The first message is `ready`, or `refused` with id 0 when the database does not open. */
export type WorkerReply =
  | { readonly kind: "ready" }
  | {
      readonly kind: "rows";
      readonly id: number;
      readonly rows: readonly unknown[];
      readonly affectedRows?: number;
    }
  | { readonly kind: "closed"; readonly id: number }
  | { readonly kind: "refused"; readonly id: number; readonly message: string; readonly code?: string };

/** What the worker is started with. */
export interface WorkerStart {
  /** Where the data lies; absent for a database in memory. */
  readonly directory?: string;
  /** Of a database in memory: the file that it begins with, made by PGlite's `dumpDataDir`; absent is an empty one. */
  readonly image?: string;
}
