import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresKeyStore, type KeyStore } from "#features/access/index.ts";
import { keyStoreContract } from "#features/access/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("api_keys");

async function emptied({ kysely }: Database): Promise<KeyStore> {
  await sql`truncate api_keys`.execute(kysely);
  return postgresKeyStore(kysely);
}

keyStoreContract("PGlite", () => emptied(databases().pglite));
keyStoreContract("Postgres", () => emptied(databases().postgres));
