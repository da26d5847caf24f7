import type { MessagePort } from "node:worker_threads";
import { AppError } from "#core/kernel/app-error.ts";
import type { StatementOutcome, Statements } from "./statements-port.ts";

/** A statement that another thread wants to be run by this one. */
export interface ForwardedStatement {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What became of it. */
export type ForwardedReply =
  | { readonly id: number; readonly outcome: StatementOutcome }
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
 * Runs the statements that come over a port. The embedded database has one connection, and the thread that writes the
 * log has none of its own; its statements wait their turn with all others.
 */
export function serveStatements(port: MessagePort, statements: Statements): void {
  port.on("message", (asked: ForwardedStatement) => {
    void answer(statements, asked).then((reply) => port.postMessage(reply));
  });
}

async function answer(
  statements: Statements,
  { id, sql, parameters }: ForwardedStatement,
): Promise<ForwardedReply> {
  try {
    return { id, outcome: await statements.run(sql, parameters) };
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
