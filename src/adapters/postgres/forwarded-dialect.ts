import type { MessagePort } from "node:worker_threads";
import {
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from "kysely";
import { AppError } from "#core/kernel/app-error.ts";
import type { ForwardedFailure, ForwardedQuery, ForwardedReply } from "./forwarded-queries.ts";

/**
 * Kysely over a port to the thread that has the database. Single statements only: a transaction would hold the one
 * connection of the embedded database for as long as another thread likes.
 */
export function forwardedDialect(port: MessagePort): Dialect {
  return {
    createAdapter: () => new PGliteAdapter(),
    createDriver: () => new ForwardedDriver(port),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class ForwardedDriver implements Driver {
  readonly #connection: ForwardedConnection;

  constructor(port: MessagePort) {
    this.#connection = new ForwardedConnection(port);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(): Promise<void> {
    throw new AppError("internal", "Cannot begin a transaction over a forwarded connection");
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#connection.close();
  }
}

interface Waiting {
  readonly resolve: (reply: Extract<ForwardedReply, { readonly rows: unknown }>) => void;
  readonly reject: (error: Error) => void;
}

class ForwardedConnection implements DatabaseConnection {
  readonly #port: MessagePort;
  /** As many as callers wait at once: the log writer has two. */
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (reply: ForwardedReply) => this.#answered(reply));
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const id = this.#nextId++;
    const { rows, affectedRows } = await new Promise<Extract<ForwardedReply, { readonly rows: unknown }>>(
      (resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#port.postMessage({ id, sql, parameters } satisfies ForwardedQuery);
      },
    );
    // Kysely states the row type of each query; the columns are those of our migrations.
    const typed = rows as Row[];
    return affectedRows === undefined ? { rows: typed } : { rows: typed, numAffectedRows: affectedRows };
  }

  // oxlint-disable-next-line require-yield -- the interface asks for a generator
  async *streamQuery(): AsyncGenerator<never> {
    throw new AppError(
      "internal",
      "Cannot stream rows over a forwarded connection: whole results are wanted",
    );
  }

  close(): void {
    this.#port.close();
  }

  #answered(reply: ForwardedReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("failure" in reply) waiting?.reject(errorOf(reply.failure));
    else waiting?.resolve(reply);
  }
}

function errorOf({ message, sqlState, isUnavailable }: ForwardedFailure): Error {
  if (isUnavailable) return new AppError("store-unavailable", message, { retryable: true });
  return Object.assign(new Error(message), sqlState === undefined ? {} : { code: sqlState });
}
