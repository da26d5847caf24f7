import {
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { AppError } from "#core/kernel/app-error.ts";
import { startPglite, type PgliteProcess } from "./pglite-process.ts";
import type { WorkerStart } from "./pglite-protocol.ts";

/** What the dialect needs to know. */
export interface PgliteOptions {
  /** Where the data lies; a database in memory is emptied by a restart of the worker. */
  readonly place: WorkerStart;
  /** Longest time for one statement, ms; read before each, so that migrations may take longer. */
  readonly statementMsMax: () => number;
}

/** Kysely over PGlite in a worker thread: one connection, one statement at a time (Kysely's own mutex sees to it). */
export function pgliteDialect(options: PgliteOptions): Dialect {
  return {
    createAdapter: () => new PGliteAdapter(),
    createDriver: () => new PgliteDriver(options),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PgliteDriver implements Driver {
  readonly #connection: PgliteConnection;

  constructor(options: PgliteOptions) {
    this.#connection = new PgliteConnection(options);
  }

  async init(): Promise<void> {
    await this.#connection.open();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(_connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await this.#connection.begin(settings);
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.finish("commit");
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.finish("rollback");
  }

  async destroy(): Promise<void> {
    await this.#connection.close();
  }
}

/** The one connection. Opens the database again when its worker ended, but never in the middle of a transaction. */
class PgliteConnection implements DatabaseConnection {
  readonly #options: PgliteOptions;
  #process: PgliteProcess | undefined;
  /** The worker that the running transaction began on. */
  #transaction: PgliteProcess | undefined;

  constructor(options: PgliteOptions) {
    this.#options = options;
  }

  async open(): Promise<PgliteProcess> {
    if (this.#process?.alive !== true) this.#process = await startPglite(this.#options.place);
    return this.#process;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, affectedRows } = await this.#run(query.sql, query.parameters);
    // Kysely states the row type of each query; the columns are those of our migrations.
    const typed = rows as Row[];
    return affectedRows === undefined
      ? { rows: typed }
      : { rows: typed, numAffectedRows: BigInt(affectedRows) };
  }

  // oxlint-disable-next-line require-yield -- the interface asks for a generator
  async *streamQuery(): AsyncGenerator<never> {
    throw new AppError("internal", "Cannot stream rows from the embedded database: whole results are wanted");
  }

  async begin(settings: TransactionSettings): Promise<void> {
    const modes = [
      ...(settings.isolationLevel === undefined ? [] : [`isolation level ${settings.isolationLevel}`]),
      ...(settings.accessMode === undefined ? [] : [settings.accessMode]),
    ];
    this.#transaction = await this.open();
    await this.#run(`begin ${modes.join(" ")}`, []);
  }

  async finish(how: "commit" | "rollback"): Promise<void> {
    const process = this.#transaction;
    try {
      // A worker that ended has rolled back already; a commit must say that it did not happen.
      if (how === "commit" || process?.alive === true) await this.#run(how, []);
    } finally {
      this.#transaction = undefined;
    }
  }

  async close(): Promise<void> {
    await this.#process?.close();
  }

  async #run(sql: string, parameters: readonly unknown[]): ReturnType<PgliteProcess["query"]> {
    const process = this.#transaction ?? (await this.open());
    return process.query(sql, parameters, this.#options.statementMsMax());
  }
}
