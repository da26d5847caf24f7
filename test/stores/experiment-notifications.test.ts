import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import { postgresExperimentStore, postgresNotificationStore } from "#features/experiments/index.ts";
import {
  notificationStoreContract,
  type NotificationWorld,
} from "#features/experiments/notifications/store.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("experiment_notifications");

async function emptied({ kysely }: Database): Promise<NotificationWorld> {
  await sql`truncate experiments, experiment_phases, experiment_events, experiment_verdicts, notifications,
    notification_cursor`.execute(kysely);
  await sql`update status_epoch set epoch = 0`.execute(kysely);
  const statuses = postgresExperimentStore(kysely);
  return {
    store: postgresNotificationStore(kysely),
    async change(status) {
      await statuses.put(status, (await statuses.get(status.experiment))?.epoch ?? 0);
    },
  };
}

notificationStoreContract("PGlite", () => emptied(databases().pglite));
notificationStoreContract("Postgres", () => emptied(databases().postgres));
