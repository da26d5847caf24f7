import { CompiledQuery, type Kysely } from "kysely";
import type { Statements } from "./statements-port.ts";

/** The statements of a database that is open here, each in its turn among all others of it. */
export function kyselyStatements(database: Kysely<unknown>): Statements {
  return {
    async run(sql, parameters) {
      const { rows, numAffectedRows } = await database.executeQuery<Readonly<Record<string, unknown>>>(
        CompiledQuery.raw(sql, [...parameters]),
      );
      return { rows, affectedRows: Number(numAffectedRows ?? 0n) };
    },
  };
}
