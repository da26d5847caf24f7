import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "#core/kernel/app-error.ts";

/** A directory that belongs to this process until released. */
export interface DirectoryLock {
  /** Gives the directory up; a second call does nothing. */
  release(): void;
}

/** What a directory holds, and what to do when another process has it: for the error. */
export interface LockedThing {
  /** "database" */
  readonly name: string;
  /** "stop that process" is said before it. */
  readonly remedy: string;
}

const database: LockedThing = {
  name: "database",
  remedy: "choose another SIGNALBOX_DATA_DIR, or give both a Postgres by DATABASE_URL",
};

/**
 * Takes a directory for this process alone. Two PGlite processes on one directory lose acknowledged rows
 * silently, so the second one must fail here; so must a second writer of one spool.
 *
 * The lock is an exclusive transaction on an SQLite file, which is a byte-range lock of the operating system: it ends
 * with the process however it ends (kill -9 too), holds across containers that share a file system, and leaves
 * nothing stale behind. A pid file would need guesses about reused pids.
 *
 * @param directory an existing directory
 * @throws AppError store-locked, when another process (or this one) holds it
 */
export function lockDirectory(directory: string, thing: LockedThing = database): DirectoryLock {
  const holderFile = join(directory, "lock-holder");
  const lockFile = join(directory, "lock");
  const sqlite = new DatabaseSync(lockFile);
  try {
    sqlite.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    chmodSync(lockFile, 0o600);
  } catch (error) {
    sqlite.close();
    if (isBusy(error)) throw lockedError(directory, holderFile, thing);
    throw new AppError("store-unavailable", `Cannot lock directory "${directory}": SQLite refused`, {
      cause: error,
    });
  }
  writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      if (!sqlite.isOpen) return;
      // Before the lock is given up: afterwards the file may already be the next holder's.
      rmSync(holderFile, { force: true });
      sqlite.close();
    },
  };
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy, read 2026-11-25. */
const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}

function lockedError(directory: string, holderFile: string, { name, remedy }: LockedThing): AppError {
  return new AppError(
    "store-locked",
    `Cannot open ${name} "${directory}": one process at a time is wanted, ${holder(holderFile)} has it open; ` +
      `stop that process, ${remedy}`,
  );
}

function holder(holderFile: string): string {
  try {
    return `process ${readFileSync(holderFile, "utf8").trim()}`;
  } catch {
    // The holder has the lock and has not yet written its pid, or is just leaving.
    return "another process";
  }
}
