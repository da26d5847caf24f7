import type { Output } from "#cli/output.ts";
import { migrateDatabase } from "#composition/database.ts";
import type { Environment } from "#environment/environment.ts";

/** `signalbox migrate`: brings the schema up to date and says what was done. */
export async function runMigrate(environment: Environment, output: Output): Promise<void> {
  const migrated = await migrateDatabase(environment);
  output.result({
    json: { migrated },
    lines: migrated.length > 0 ? migrated.map((name) => `Applied ${name}`) : ["The schema is up to date"],
  });
}
