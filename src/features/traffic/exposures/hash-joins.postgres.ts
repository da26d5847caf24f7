import { sql, type Kysely, type Transaction } from "kysely";

/**
 * Reads with joins by hash or by order, whatever the statistics of the tables say: they lag behind an experiment that has just
 * begun, and what looks like a few units is then looked through once for each row of the other side: 200,000 units with 100,000
 * of their feedback took more than the 15 s that a statement may take, instead of 5 s (measured 2026-11-27).
 */
export async function withHashJoins<Value>(
  database: Kysely<unknown>,
  read: (transaction: Transaction<unknown>) => Promise<Value>,
): Promise<Value> {
  return database.transaction().execute(async (transaction) => {
    await sql`set local enable_nestloop = off`.execute(transaction);
    return read(transaction);
  });
}
