/** One directory of files, as the spool uses it. Real: node-disk.ts; in memory: memory-disk.ts; tests bring a faulty one. */
export interface SpoolDisk {
  /** Names of the files that are there, in no particular order. */
  list(): readonly string[];
  /** Makes a file that was not there, readable by its owner only. */
  create(name: string): SpoolFile;
  /** Opens a file that is there. */
  open(name: string): SpoolFile;
  /** Removes a file; none of that name is no error. */
  remove(name: string): void;
  /** Gives a file another name. */
  rename(name: string, to: string): void;
  /** Makes what was created, removed and renamed survive a power loss. */
  syncDirectory(): Promise<void>;
}

/**
 * An open file. Errors are those of node:fs, told apart by `code`: `ENOSPC`, `EDQUOT`, `EIO`. Reading and writing are
 * synchronous, since the spool has a thread of its own; only `sync` takes long enough to be waited for.
 */
export interface SpoolFile {
  /** Bytes. */
  size(): number;
  /** Writes all of `bytes`, or throws after having written a part. */
  write(bytes: Uint8Array, position: number): void;
  /** The bytes from `position` on, at most `length`; fewer at the end of the file. A fresh buffer. */
  read(position: number, length: number): Buffer;
  truncate(length: number): void;
  /** Resolves when what was written before the call survives a power loss. After a rejection it may or may not. */
  sync(): Promise<void>;
  /** Gives the file up, after a `sync` under way. */
  close(): void;
}

/** The code of a failed system call, for reports. */
export function diskErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "an unknown error";
}
