import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import { present } from "#core/kernel/present.ts";
import { postgresPool, statementMsDefault } from "./postgres-pool.ts";
import { storeError, type Database } from "./database-port.ts";
import { lockDirectory } from "./directory-lock.ts";
import { migrate } from "./migrate.ts";
import { allMigrations } from "./migrations/all-migrations.ts";
import { pgliteDialect } from "./pglite-dialect.ts";

export type { Database } from "./database-port.ts";

/** Where the truth is kept. */
export type DatabaseOptions = DatabasePlace & {
  /** Longest time for one statement, ms > 0 (default 15 000). Migrations have no limit. */
  readonly statementMsMax?: number;
  /** Told when an idle connection breaks; the pool replaces it. */
  readonly onConnectionLost?: (error: Error) => void;
};

type DatabasePlace =
  /** PGlite in `<dataDir>/postgres`. The directory is created, readable by its owner only. */
  | { readonly kind: "directory"; readonly dataDir: string }
  /** A Postgres, 15 or newer. */
  | { readonly kind: "url"; readonly databaseUrl: string; readonly connectionsMax?: number }
  /**
   * PGlite in memory: for tests and trials, gone when closed. It begins with the database that `image` is a dump of
   * (PGlite's `dumpDataDir`), which saves the seconds that making one takes.
   */
  | { readonly kind: "memory"; readonly image?: string };

/**
 * Opens the database and brings its schema up to date.
 * @throws AppError store-locked (another process has the directory), store-unavailable, invalid-configuration (the
 * database is newer than this program)
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.kind === "url" ? openPostgres(options) : openPglite(options);
}

async function openPglite(options: Exclude<DatabaseOptions, { kind: "url" }>): Promise<Database> {
  const directory = options.kind === "directory" ? ownDirectory(options.dataDir) : undefined;
  const image = options.kind === "memory" ? options.image : undefined;
  const lock = directory === undefined ? undefined : lockDirectory(directory);
  let statementMsMax = migrationMsMax;
  const dialect = pgliteDialect({
    place: present({ directory: directory && join(directory, "data"), image }),
    statementMsMax: () => statementMsMax,
  });
  const opened = await open(new Kysely<unknown>({ dialect }), "pglite", () => lock?.release());
  statementMsMax = options.statementMsMax ?? statementMsDefault;
  return opened;
}

/** Longest migration statement on PGlite, an hour: a timer needs some bound. */
const migrationMsMax = 3_600_000;

function ownDirectory(dataDir: string): string {
  const directory = join(dataDir, "postgres");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // mkdir leaves the mode of directories that exist already.
  chmodSync(directory, 0o700);
  return directory;
}

async function openPostgres(options: Extract<DatabaseOptions, { kind: "url" }>): Promise<Database> {
  const dialect = new PostgresDialect({ pool: postgresPool(options) });
  return open(new Kysely<unknown>({ dialect }), "postgres", () => undefined);
}

async function open(kysely: Kysely<unknown>, kind: Database["kind"], release: () => void): Promise<Database> {
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= kysely.destroy().finally(release));
  try {
    const migrated = await migrate(kysely, allMigrations);
    return { kysely, kind, migrated, ping: () => ping(kysely), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw storeError("open the database", error);
  }
}

async function ping(kysely: Kysely<unknown>): Promise<void> {
  try {
    await sql`select 1`.execute(kysely);
  } catch (error) {
    throw storeError("reach the database", error);
  }
}
