import type { Pool } from "pg";
import type { Statements } from "./statements-port.ts";

/** Statements over connections to a Postgres. */
export function poolStatements(pool: Pool): Statements {
  return {
    async run(sql, parameters) {
      const { rows, rowCount } = await pool.query<Readonly<Record<string, unknown>>>(sql, [...parameters]);
      return { rows, affectedRows: rowCount ?? 0 };
    },
  };
}
