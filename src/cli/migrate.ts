import { openDatabase } from "#adapters/postgres/open-database.ts";
import type { Output } from "#cli/output.ts";
import type { Environment } from "#environment/environment.ts";

/** `signalbox migrate`: brings the schema up to date and says what was done. */
export async function runMigrate(environment: Environment, output: Output): Promise<void> {
  const { databaseUrl, dataDirectory } = environment;
  await using database = await openDatabase(
    databaseUrl
      ? { kind: "url", databaseUrl: databaseUrl.reveal() }
      : { kind: "directory", dataDir: dataDirectory },
  );
  const { migrated } = database;
  output.result({
    json: { migrated },
    lines: migrated.length > 0 ? migrated.map((name) => `Applied ${name}`) : ["The schema is up to date"],
  });
}
