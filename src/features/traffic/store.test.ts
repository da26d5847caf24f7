import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import { openDatabase, type Database } from "#adapters/postgres/open-database.ts";
import { startPostgresServer, type PostgresServer } from "#adapters/postgres/postgres-server.test-support.ts";
import { requestLogContract } from "./store.contract.ts";
import { memoryRequestLogStore } from "./store.memory.ts";
import { postgresRequestLogStore } from "./store.postgres.ts";

let pglite: Database;
let server: PostgresServer;
let postgres: Database;

beforeAll(async () => {
  pglite = await openDatabase({ kind: "memory" });
  server = await startPostgresServer();
  postgres = await openDatabase({ kind: "url", databaseUrl: await server.createDatabase("traffic_test") });
});

afterAll(async () => {
  await pglite.close();
  await postgres.close();
  await server.stop();
});

async function emptied(database: Database) {
  await sql`truncate requests, attempts`.execute(database.kysely);
  return postgresRequestLogStore(database.kysely);
}

requestLogContract("memory", async () => memoryRequestLogStore());
requestLogContract("PGlite", () => emptied(pglite));
requestLogContract("Postgres", () => emptied(postgres));
