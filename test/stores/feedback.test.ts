import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { feedbackContract } from "#features/traffic/feedback/store.contract.ts";
import { postgresFeedbackStore, postgresRequestLogStore } from "#features/traffic/index.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

let pglite: Database;
let server: PostgresServer;
let postgres: Database;

beforeAll(async () => {
  pglite = await openDatabase({ kind: "memory" });
  server = await startPostgresServer();
  postgres = await openDatabase({ kind: "url", databaseUrl: await server.createDatabase("feedback") });
});

afterAll(async () => {
  await pglite.close();
  await postgres.close();
  await server.stop();
});

async function emptied({ kysely }: Database, log: readonly RequestRecord[] = []) {
  await sql`truncate feedback, feedback_revisions, requests, attempts`.execute(kysely);
  if (log.length > 0) await postgresRequestLogStore(kysely).insert(log);
  return postgresFeedbackStore(kysely);
}

feedbackContract("PGlite", (log) => emptied(pglite, log));
feedbackContract("Postgres", (log) => emptied(postgres, log));
