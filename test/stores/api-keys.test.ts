import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { postgresKeyStore, type KeyStore } from "#features/access/index.ts";
import { keyStoreContract } from "#features/access/store.contract.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

let pglite: Database;
let server: PostgresServer;
let postgres: Database;

beforeAll(async () => {
  pglite = await openDatabase({ kind: "memory" });
  server = await startPostgresServer();
  postgres = await openDatabase({ kind: "url", databaseUrl: await server.createDatabase("api_keys") });
});

afterAll(async () => {
  await pglite.close();
  await postgres.close();
  await server.stop();
});

async function emptied({ kysely }: Database): Promise<KeyStore> {
  await sql`truncate api_keys`.execute(kysely);
  return postgresKeyStore(kysely);
}

keyStoreContract("PGlite", () => emptied(pglite));
keyStoreContract("Postgres", () => emptied(postgres));
