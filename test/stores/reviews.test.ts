import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresReviewStore, type ReviewStore } from "#features/evaluations/index.ts";
import { reviewStoreContract } from "#features/evaluations/reviews/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("reviews");

async function emptied({ kysely }: Database): Promise<ReviewStore> {
  await sql`truncate review_items, review_verdicts`.execute(kysely);
  return postgresReviewStore(kysely);
}

reviewStoreContract("PGlite", () => emptied(databases().pglite));
reviewStoreContract("Postgres", () => emptied(databases().postgres));
