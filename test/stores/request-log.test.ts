import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import type { RequestLogStore } from "#features/traffic/index.ts";
import { postgresRequestLogStore } from "#features/traffic/index.ts";
import { requestLogContract } from "#features/traffic/store.contract.ts";
import { totalsContract } from "#features/traffic/totals.contract.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

let pglite: Database;
let server: PostgresServer;
let postgres: Database;

beforeAll(async () => {
  pglite = await openDatabase({ kind: "memory" });
  server = await startPostgresServer();
  postgres = await openDatabase({ kind: "url", databaseUrl: await server.createDatabase("request_log") });
});

afterAll(async () => {
  await pglite.close();
  await postgres.close();
  await server.stop();
});

async function emptied({ kysely }: Database): Promise<RequestLogStore> {
  await sql`truncate requests, attempts, captured_content, log_gaps, request_totals, unit_totals`.execute(
    kysely,
  );
  return postgresRequestLogStore(kysely);
}

requestLogContract("PGlite", () => emptied(pglite));
requestLogContract("Postgres", () => emptied(postgres));
totalsContract("PGlite", () => emptied(pglite));
totalsContract("Postgres", () => emptied(postgres));
