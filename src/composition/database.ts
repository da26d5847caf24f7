import { openDatabase, type DatabaseOptions } from "#adapters/postgres/open-database.ts";
import type { Environment } from "#environment/environment.ts";

/** Where the environment says the truth is kept: Postgres when it names one, else embedded in the data directory. */
export function databaseOptions({ databaseUrl, dataDirectory }: Environment): DatabaseOptions {
  return databaseUrl
    ? { kind: "url", databaseUrl: databaseUrl.reveal() }
    : { kind: "directory", dataDir: dataDirectory };
}

/**
 * Brings the schema up to date.
 * @returns the names of the migrations that were applied
 * @throws AppError store-locked, store-unavailable, invalid-configuration (the database is newer than this program)
 */
export async function migrateDatabase(environment: Environment): Promise<readonly string[]> {
  await using database = await openDatabase(databaseOptions(environment));
  return database.migrated;
}
