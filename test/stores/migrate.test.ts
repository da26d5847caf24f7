import { sql, type Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { migrate } from "#adapters/postgres/migrate.ts";
import type { Migration } from "#adapters/postgres/migration.ts";
import { allMigrations } from "#adapters/postgres/migrations/all-migrations.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

let server: PostgresServer;
const open = new Map<string, Database>();

beforeAll(async () => {
  server = await startPostgresServer();
  open.set("PGlite", await openDatabase({ kind: "memory" }));
  const databaseUrl = await server.createDatabase("migrate_basic");
  open.set("Postgres", await openDatabase({ kind: "url", databaseUrl, statementMsMax: 300 }));
});

afterAll(async () => {
  for (const database of open.values()) await database.close();
  await server.stop();
});

function kysely(name: string): Kysely<unknown> {
  const database = open.get(name);
  if (database === undefined) throw new Error(`Cannot test on "${name}": it is not open`);
  return database.kysely;
}

const further: Migration = { name: "9001-further", statements: ["create table further (id integer)"] };

describe.each(["PGlite", "Postgres"])("migrations on %s", (name) => {
  test("those applied are not applied again", async () => {
    expect(await migrate(kysely(name), allMigrations)).toEqual([]);
  });

  test("a step that fails leaves nothing of its transaction behind", async () => {
    const broken: Migration = {
      name: "9002-broken",
      statements: ["create table half (id integer)", "select 1 / 0"],
    };
    await expect(migrate(kysely(name), [...allMigrations, further, broken])).rejects.toThrow(
      /division by zero/,
    );
    const { rows } = await sql`select to_regclass('half') as half, to_regclass('further') as further`.execute(
      kysely(name),
    );
    expect(rows).toEqual([{ half: null, further: null }]);
  });

  test("a program that knows fewer steps than the database, or others, is refused", async () => {
    expect(await migrate(kysely(name), [...allMigrations, further])).toEqual(["9001-further"]);
    await expect(migrate(kysely(name), allMigrations)).rejects.toMatchObject({
      code: "invalid-configuration",
      message: expect.stringContaining(
        `steps up to "${allMigrations.at(-1)?.name}" are known to this Signalbox, the database has "9001-further"`,
      ),
    });
    const changed: Migration = { ...further, statements: ["create table further (id text)"] };
    await expect(migrate(kysely(name), [...allMigrations, changed])).rejects.toMatchObject({
      code: "invalid-configuration",
      message: expect.stringContaining("applied with other statements"),
    });
  });
});

test("replicas that start together migrate once", async () => {
  const databaseUrl = await server.createDatabase("migrate_together");
  const replicas = await Promise.all([1, 2, 3].map(() => openDatabase({ kind: "url", databaseUrl })));
  expect(replicas.map((replica) => replica.migrated.length).toSorted((one, other) => one - other)).toEqual([
    0,
    0,
    allMigrations.length,
  ]);
  await Promise.all(replicas.map((replica) => replica.close()));
});

test("a statement on Postgres over its limit ends with an error", async () => {
  await expect(sql`select pg_sleep(60)`.execute(kysely("Postgres"))).rejects.toMatchObject({ code: "57014" });
});

test("a server that is not there is a failure that may pass", async () => {
  await expect(
    openDatabase({ kind: "url", databaseUrl: "postgres://nobody@127.0.0.1:1/none" }),
  ).rejects.toMatchObject({ code: "store-unavailable", retryable: true });
});

test("columns mean the same over both drivers", async () => {
  const query = sql`select 9007199254740991::bigint as big, '2026-11-25'::date as day, 1.50::numeric as exact,
    '2026-11-25T12:00:00.5Z'::timestamptz as instant, array['a', 'b'] as list, '{"a": [1]}'::jsonb as document`;
  const expected = {
    big: 9_007_199_254_740_991,
    day: "2026-11-25",
    exact: "1.50",
    instant: new Date("2026-11-25T12:00:00.500Z"),
    list: ["a", "b"],
    document: { a: [1] },
  };
  for (const database of open.values())
    expect((await query.execute(database.kysely)).rows).toEqual([expected]);
  for (const database of open.values())
    await expect(sql`select 9007199254740992::bigint`.execute(database.kysely)).rejects.toThrow(
      /at most 2\^53 - 1/,
    );
});
