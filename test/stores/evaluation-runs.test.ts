import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresJobStore } from "#features/evaluations/index.ts";
import { jobStoreContract } from "#features/evaluations/jobs/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("evaluation_runs");

async function emptied({ kysely }: Database) {
  await sql`truncate evaluation_runs cascade`.execute(kysely);
  return postgresJobStore(kysely);
}

jobStoreContract("PGlite", () => emptied(databases().pglite));
jobStoreContract("Postgres", () => emptied(databases().postgres));
