import { sql, type Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import type { Spending, SpendingStore } from "./store.ts";

/** Where payers of each kind have what they spent: the table, and its column with their names. */
const places = {
  experiment: "experiment_spending",
  evaluation: "evaluation_spending",
} as const;

/** Spending in Postgres or PGlite; the tables are explained in migrations 0020 and 0023. */
export function postgresSpendingStore(database: Kysely<unknown>, payers: keyof typeof places): SpendingStore {
  const [table, name] = [sql.table(places[payers]), sql.ref(payers)];
  return {
    reserve: ({ payer, day, picoDollars }, budget) =>
      reported("take off a budget", async () => {
        const { rows } = await sql`
          insert into ${table} as total (${name}, day, pico)
          select ${payer}, ${day}::date, ${picoDollars}::numeric where ${picoDollars}::numeric <= ${budget}::numeric
          on conflict (${name}, day) do update set pico = total.pico + excluded.pico
          where total.pico + excluded.pico <= ${budget}::numeric
          returning 1`.execute(database);
        return rows.length > 0;
      }),
    settle: ({ payer, day, picoDollars }: Spending) =>
      reported("settle a budget", async () => {
        await sql`
          update ${table} set pico = pico + ${picoDollars}::numeric
          where ${name} = ${payer} and day = ${day}::date`.execute(database);
      }),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}
