import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresShadowStore } from "#features/experiments/index.ts";
import { shadowStoreContract } from "#features/experiments/shadows/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("shadow_pairs");

async function emptied({ kysely }: Database) {
  await sql`truncate experiment_pairs, experiment_spending, experiment_pair_drops`.execute(kysely);
  return postgresShadowStore(kysely);
}

shadowStoreContract("PGlite", () => emptied(databases().pglite));
shadowStoreContract("Postgres", () => emptied(databases().postgres));
