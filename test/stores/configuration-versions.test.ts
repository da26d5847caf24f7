import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresConfigurationStore, type ConfigurationStore } from "#features/configuration/index.ts";
import { configurationStoreContract } from "#features/configuration/versions/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("configurations");

async function emptied({ kysely }: Database): Promise<ConfigurationStore> {
  await sql`truncate configuration_versions, status`.execute(kysely);
  await sql`update status_epoch set epoch = 0`.execute(kysely);
  return postgresConfigurationStore(kysely);
}

configurationStoreContract("PGlite", () => emptied(databases().pglite));
configurationStoreContract("Postgres", () => emptied(databases().postgres));
