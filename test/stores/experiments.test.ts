import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresExperimentStore } from "#features/experiments/index.ts";
import { experimentStoreContract } from "#features/experiments/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("experiments");

async function emptied({ kysely }: Database) {
  await sql`truncate experiments, experiment_phases, experiment_events`.execute(kysely);
  await sql`update status_epoch set epoch = 0`.execute(kysely);
  return postgresExperimentStore(kysely);
}

experimentStoreContract("PGlite", () => emptied(databases().pglite));
experimentStoreContract("Postgres", () => emptied(databases().postgres));
