import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresSpendingStore } from "#features/gateway/index.ts";
import { spendingStoreContract } from "#features/gateway/offline/spending/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";
import { memorySpendingStore } from "../support/memory-spending.ts";

const databases = bothDatabases("evaluation_spending");

async function emptied({ kysely }: Database) {
  await sql`truncate evaluation_spending`.execute(kysely);
  return postgresSpendingStore(kysely, "evaluation");
}

spendingStoreContract("memory", async () => memorySpendingStore());
spendingStoreContract("PGlite", () => emptied(databases().pglite));
spendingStoreContract("Postgres", () => emptied(databases().postgres));
