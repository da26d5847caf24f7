import type { MessagePort } from "node:worker_threads";
import { CompiledQuery, type Kysely } from "kysely";
import { AppError } from "#core/kernel/app-error.ts";

/** A statement that another thread wants to run on a connection of this one. */
export interface ForwardedQuery {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What became of it. */
export type ForwardedReply =
  | { readonly id: number; readonly rows: readonly unknown[]; readonly affectedRows?: bigint }
  | { readonly id: number; readonly failure: ForwardedFailure };

/** An error on its way between threads, which keep neither class nor extra fields of errors. */
export interface ForwardedFailure {
  readonly message: string;
  /** SQLSTATE, where the database refused. */
  readonly sqlState?: string;
  /** Whether the database could not be reached at all. */
  readonly isUnavailable: boolean;
}

/**
 * Runs the statements that come over a port, each when its turn among all statements of this database comes. The
 * embedded database has one connection, and the thread that writes the log has none of its own.
 */
export function serveForwardedQueries(port: MessagePort, database: Kysely<unknown>): void {
  port.on(
    "message",
    (query: ForwardedQuery) => void run(database, query).then((reply) => port.postMessage(reply)),
  );
}

async function run(
  database: Kysely<unknown>,
  { id, sql, parameters }: ForwardedQuery,
): Promise<ForwardedReply> {
  try {
    const { rows, numAffectedRows } = await database.executeQuery(CompiledQuery.raw(sql, [...parameters]));
    return { id, rows, ...(numAffectedRows !== undefined && { affectedRows: numAffectedRows }) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): ForwardedFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AppError) return { message, isUnavailable: error.code === "store-unavailable" };
  const sqlState =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { message, isUnavailable: false, ...(sqlState !== undefined && { sqlState }) };
}
