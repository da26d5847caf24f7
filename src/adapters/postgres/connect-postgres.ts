import { Kysely, PostgresDialect } from "kysely";
import { Pool, TypeOverrides } from "pg";
import { columnParsers } from "./column-types.ts";

/** How a Postgres is reached. */
export interface PostgresOptions {
  readonly databaseUrl: string;
  /** Connections that are opened at most (default 10). */
  readonly connectionsMax?: number;
  /** Longest time for one statement, ms > 0 (default 15 000). Migrations have no limit. */
  readonly statementMsMax?: number;
  /** Told when an idle connection breaks; the pool replaces it. */
  readonly onConnectionLost?: (error: Error) => void;
}

/** Longest time for one statement, unless told otherwise. */
export const statementMsDefault = 15_000;
const connectionsDefault = 10;
/** Longest wait for a connection. */
const connectMsMax = 5_000;

/** Connects to a Postgres, which is then used as it is: no migration. Connections are opened when they are needed. */
export function connectPostgres(options: PostgresOptions): Kysely<unknown> {
  const pool = new Pool({
    connectionString: options.databaseUrl,
    max: options.connectionsMax ?? connectionsDefault,
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: options.statementMsMax ?? statementMsDefault,
    keepAlive: true,
    application_name: "signalbox",
    types: columnTypes(),
  });
  // Without a listener a broken idle connection ends the process.
  pool.on("error", options.onConnectionLost ?? (() => undefined));
  // The same for one that breaks while it is in use: its statement fails, which is how that is told.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
}

function columnTypes(): TypeOverrides {
  const types = new TypeOverrides();
  for (const [oid, parse] of columnParsers) types.setTypeParser(oid, parse);
  return types;
}
