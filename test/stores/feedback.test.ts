import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { testEntry } from "#features/traffic/feedback/feedback.test-support.ts";
import { feedbackContract } from "#features/traffic/feedback/store.contract.ts";
import { postgresFeedbackStore, postgresRequestLogStore } from "#features/traffic/index.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

let pglite: Database;
let server: PostgresServer;
let postgres: Database;

beforeAll(async () => {
  pglite = await openDatabase({ kind: "memory" });
  server = await startPostgresServer();
  postgres = await openDatabase({ kind: "url", databaseUrl: await server.createDatabase("feedback") });
});

afterAll(async () => {
  await pglite.close();
  await postgres.close();
  await server.stop();
});

async function emptied({ kysely }: Database, log: readonly RequestRecord[] = []) {
  await sql`truncate feedback, feedback_revisions, requests, attempts`.execute(kysely);
  if (log.length > 0) await postgresRequestLogStore(kysely).insert(log);
  return postgresFeedbackStore(kysely);
}

feedbackContract("PGlite", (log) => emptied(pglite, log));
feedbackContract("Postgres", (log) => emptied(postgres, log));

/** A way to a server that can be closed and opened again. */
class Gate {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  #server = createServer();
  #port = 0;

  constructor(databaseUrl: string) {
    const { hostname, port } = new URL(databaseUrl);
    this.#target = { host: hostname, port: Number(port) };
  }

  async open(): Promise<number> {
    this.#server = createServer((socket) => {
      const onward = connect(this.#target);
      for (const end of [socket, onward]) {
        this.#sockets.add(end);
        end.on("error", () => end.destroy());
      }
      socket.pipe(onward).pipe(socket);
    });
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    this.#port = typeof address === "object" && address !== null ? address.port : 0;
    return this.#port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server.close(), "close");
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

test("a Postgres that is away is a failure that may pass; what had been answered is there when it is back", async () => {
  const own = await server.createDatabase("feedback_away");
  const gate = new Gate(own);
  const throughGate = new URL(own);
  throughGate.port = String(await gate.open());
  await using database = await openDatabase({
    kind: "url",
    databaseUrl: throughGate.href,
    onConnectionLost: () => undefined,
  });
  const store = postgresFeedbackStore(database.kysely);
  await store.keep("key_ann", [testEntry(1)], 1_000);
  await gate.close();
  for (const failing of [
    () => store.keep("key_ann", [testEntry(2), testEntry(3)], 1_000),
    () => store.list({ filters: {}, limit: 1 }),
    () => store.pending({ limit: 1 }),
  ])
    await expect(failing()).rejects.toMatchObject({ code: "store-unavailable", retryable: true });
  await gate.open();
  expect((await store.list({ filters: {}, limit: 10 })).feedback.map(({ id }) => id)).toEqual([
    testEntry(1).newId,
  ]);
  await database.close();
  await gate.close();
});
