import { Pool, TypeOverrides } from "pg";
import { columnParsers } from "./column-types.ts";

/** How a Postgres is reached. */
export interface PostgresOptions {
  readonly databaseUrl: string;
  /** Connections that are opened at most (default 10). */
  readonly connectionsMax?: number;
  /** Longest time for one statement, ms > 0 (default 15 000). */
  readonly statementMsMax?: number;
  /** Told when an idle connection breaks; the pool replaces it. */
  readonly onConnectionLost?: (error: Error) => void;
}

/** Longest time for one statement, unless told otherwise. */
export const statementMsDefault = 15_000;
const connectionsDefault = 10;
/** Longest wait for a connection. */
const connectMsMax = 5_000;

/** Connections to a Postgres, opened when they are needed. */
export function postgresPool(options: PostgresOptions): Pool {
  const pool = new Pool({
    connectionString: options.databaseUrl,
    max: options.connectionsMax ?? connectionsDefault,
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: options.statementMsMax ?? statementMsDefault,
    keepAlive: true,
    application_name: "signalbox",
    types: columnTypes(),
  });
  // Without listeners a connection that breaks ends the process. An idle one is told of by the pool; of one in use the
  // statement that fails tells.
  pool.on("error", options.onConnectionLost ?? (() => undefined));
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

function columnTypes(): TypeOverrides {
  const types = new TypeOverrides();
  for (const [oid, parse] of columnParsers) types.setTypeParser(oid, parse);
  return types;
}
