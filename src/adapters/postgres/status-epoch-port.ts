import { sql, type Kysely } from "kysely";

type Database = Kysely<unknown>;

interface EpochRow {
  readonly epoch: number;
}

/** The newest change of the status, whatever it was of; the table is explained in migration 0006. */
export async function newestEpoch(database: Database): Promise<number> {
  const { rows } = await sql<EpochRow>`select epoch from status_epoch`.execute(database);
  return rows[0]?.epoch ?? 0;
}

/**
 * The newest change, within a transaction. The one row is locked first: who changes the status sees what the one before
 * has written.
 */
export async function lockedEpoch(transaction: Database): Promise<number> {
  const { rows } = await sql<EpochRow>`select epoch from status_epoch for update`.execute(transaction);
  return rows[0]?.epoch ?? 0;
}

/** Notes which change is the newest now, by whoever has locked the one before. */
export async function setEpoch(transaction: Database, epoch: number): Promise<void> {
  await sql`update status_epoch set epoch = ${epoch}::bigint`.execute(transaction);
}
