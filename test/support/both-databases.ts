import { afterAll, beforeAll } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { startPostgresServer, type PostgresServer } from "./postgres-server.ts";

/** The databases that every store must work on alike, open for the tests of one file. */
export interface BothDatabases {
  readonly pglite: Database;
  readonly postgres: Database;
  readonly server: PostgresServer;
}

/**
 * Opens both before the tests of the file and closes them behind.
 * @param name of the database on the server
 * @returns a function that gives them; to be called in tests only
 */
export function bothDatabases(name: string): () => BothDatabases {
  let open: BothDatabases | undefined;
  beforeAll(async () => {
    const pglite = await openDatabase({ kind: "memory" });
    const server = await startPostgresServer();
    const databaseUrl = await server.createDatabase(name);
    open = { pglite, server, postgres: await openDatabase({ kind: "url", databaseUrl }) };
  });
  afterAll(async () => {
    await open?.pglite.close();
    await open?.postgres.close();
    await open?.server.stop();
  });
  return () => {
    if (!open) throw new Error("Databases are open in tests only");
    return open;
  };
}
