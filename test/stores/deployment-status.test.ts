import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresDeploymentStore } from "#features/deployments/index.ts";
import { deploymentStoreContract } from "#features/deployments/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("deployments");

async function emptied({ kysely }: Database) {
  await sql`truncate deployment_status, deployment_under_way`.execute(kysely);
  await sql`update status_epoch set epoch = 0`.execute(kysely);
  return postgresDeploymentStore(kysely);
}

deploymentStoreContract("PGlite", () => emptied(databases().pglite));
deploymentStoreContract("Postgres", () => emptied(databases().postgres));
