/** Statements one by one: all that a thread needs of a database which only writes to it. */
export interface Statements {
  /**
   * Runs one statement.
   * @param sql with `$1`, `$2`, ... for the parameters
   * @throws the database's error with SQLSTATE in `code`, or AppError store-unavailable
   */
  run(sql: string, parameters: readonly unknown[]): Promise<StatementOutcome>;
}

/** What a statement gave. */
export interface StatementOutcome {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows inserted, updated or deleted. */
  readonly affectedRows: number;
}
