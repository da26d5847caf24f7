import { sql, type Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import type { Lease } from "./lease.ts";

/**
 * A lease as a row: it ends by itself when its holder is gone, whatever connection pool lies between, and the database's
 * clock alone counts.
 * @param lease.name what the right is for
 * @param lease.holder who asks; different in each process
 * @param lease.lifetimeMs how long it holds without being kept, ms; kept about every third of it
 */
export function postgresLease(
  database: Kysely<unknown>,
  {
    name,
    holder,
    lifetimeMs,
  }: { readonly name: string; readonly holder: string; readonly lifetimeMs: number },
): Lease {
  return {
    async hold() {
      try {
        const { rows } = await sql`
          insert into leases (name, holder, ends_at)
          values (${name}, ${holder}, now() + ${lifetimeMs} * interval '1 millisecond')
          on conflict (name) do update set holder = excluded.holder, ends_at = excluded.ends_at
          where leases.holder = excluded.holder or leases.ends_at < now()
          returning holder`.execute(database);
        return rows.length === 1;
      } catch (error) {
        throw storeError(`hold the lease "${name}"`, error);
      }
    },
    async release() {
      try {
        await sql`delete from leases where name = ${name} and holder = ${holder}`.execute(database);
      } catch (error) {
        throw storeError(`release the lease "${name}"`, error);
      }
    },
  };
}
