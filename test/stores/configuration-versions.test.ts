import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { postgresConfigurationStore, type ConfigurationStore } from "#features/configuration/index.ts";
import { configurationStoreContract } from "#features/configuration/versions/store.contract.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

let pglite: Database;
let server: PostgresServer;
let postgres: Database;

beforeAll(async () => {
  pglite = await openDatabase({ kind: "memory" });
  server = await startPostgresServer();
  postgres = await openDatabase({ kind: "url", databaseUrl: await server.createDatabase("configurations") });
});

afterAll(async () => {
  await pglite.close();
  await postgres.close();
  await server.stop();
});

async function emptied({ kysely }: Database): Promise<ConfigurationStore> {
  await sql`truncate configuration_versions, status`.execute(kysely);
  await sql`update status_epoch set epoch = 0`.execute(kysely);
  return postgresConfigurationStore(kysely);
}

configurationStoreContract("PGlite", () => emptied(pglite));
configurationStoreContract("Postgres", () => emptied(postgres));
