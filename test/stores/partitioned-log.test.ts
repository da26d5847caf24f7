import { sql, type Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { migrate } from "#adapters/postgres/migrate.ts";
import { allMigrations } from "#adapters/postgres/migrations/all-migrations.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { postgresRequestLogStore } from "#features/traffic/index.ts";
import {
  noonMs,
  testAssignment,
  testAttempt,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

let server: PostgresServer;
const open = new Map<string, Database>();

beforeAll(async () => {
  server = await startPostgresServer();
  open.set("PGlite", await openDatabase({ kind: "memory" }));
  const databaseUrl = await server.createDatabase("partitioned_log");
  open.set("Postgres", await openDatabase({ kind: "url", databaseUrl }));
});

afterAll(async () => {
  for (const database of open.values()) await database.close();
  await server.stop();
});

/** A database with the schema of the first steps, and nothing in it. */
async function emptied(kind: string, steps = allMigrations.length): Promise<Kysely<unknown>> {
  const database = open.get(kind);
  if (database === undefined) throw new Error(`Cannot test on "${kind}": it is not open`);
  await sql`drop schema public cascade`.execute(database.kysely);
  await sql`create schema public`.execute(database.kysely);
  await migrate(database.kysely, allMigrations.slice(0, steps));
  return database.kysely;
}

/** Tables below `requests`, whatever their day. */
async function partitions(kysely: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from pg_inherits where inhparent = 'requests'::regclass`.execute(kysely);
  return rows[0]?.count ?? 0;
}

describe.each(["PGlite", "Postgres"])("the log by days on %s", (kind) => {
  test("rows from before it are moved and counted", async () => {
    const kysely = await emptied(kind, 2);
    const ids = Array.from({ length: 1_203 }, (_, number) => testId(noonMs + number * 1_000, number));
    await sql`insert into requests (day, id, started_at, operation, dialect, stream, model, route, variant, outcome,
        status, emulated, attempt_count, input_tokens, first_content_ms, total_ms, gateway_ms, tags, decision)
      select '2026-11-25', id::uuid, to_timestamp(${noonMs} / 1000.0), 'chat', 'openai-chat', true, 'support', 'support',
        'fast', 'completed', 200, false, 2, 7, 240.5, 812.5, 1.25, '{"team": "search"}',
        ${JSON.stringify({ ...testDecision(), snapshot: { configuration: "c1", statusEpoch: 7 } })}::text::jsonb
      from json_array_elements_text(${JSON.stringify(ids)}::text::json) as id`.execute(kysely);
    await sql`insert into attempts (day, request_id, attempt, deployment, provider, variant, model, outcome, started_ms,
        total_ms) select day, id, attempt, 'google-' || attempt, 'google', 'fast', 'm', 'completed', 1, 800
      from requests, generate_series(1, 2) as attempt`.execute(kysely);

    await migrate(kysely, allMigrations);
    const store = postgresRequestLogStore(kysely);
    const record = await store.get(ids[1_200] ?? "");
    expect(record).toMatchObject({
      attempts: [{ deployment: "google-1" }, { deployment: "google-2" }],
      decision: { propensity: 0.75, snapshot: { statusEpoch: 7, prices: "unknown" } },
      tags: { team: "search" },
      capture: "metadata",
    });
    expect(record?.cost).toBeUndefined();
    const range = { fromMs: noonMs, toMs: noonMs + 1, by: ["deployment"] as const };
    expect(await store.totals(range)).toMatchObject([
      { group: { deployment: "google-2" }, requests: 1_203, attempts: 1_203, inputTokens: 8_421 },
      { group: { deployment: "google-1" }, requests: 0, attempts: 1_203, attemptsUnpriced: 1_203 },
    ]);
  });

  test("a clock that is far off makes no tables: its rows are kept without", async () => {
    const kysely = await emptied(kind);
    const store = postgresRequestLogStore(kysely);
    const before = await partitions(kysely);
    const records = Array.from({ length: 300 }, (_, year) => {
      const startedAtMs = Date.UTC(2100 + year, 5, 1);
      return testRecord({ requestId: testId(startedAtMs), startedAtMs });
    });
    expect(await store.insert(records)).toBe(300);
    expect(await partitions(kysely)).toBe(before);
    expect((await store.list({ filters: {}, limit: 2 })).records[0]?.startedAtMs).toBe(Date.UTC(2399, 5, 1));
  });

  test("days around today have tables of their own, those that a wrong clock filled before stay without", async () => {
    const kysely = await emptied(kind);
    const before = await partitions(kysely);
    const nowMs = Date.now();
    const record = (startedAtMs: number, number: number) =>
      testRecord({ requestId: testId(startedAtMs, number), startedAtMs });
    // As when the day lay too far ahead at the time.
    await sql`alter function signalbox_day_partition rename to set_aside`.execute(kysely);
    await sql`create function signalbox_day_partition(text, date, text default '') returns void
      language sql as 'select'`.execute(kysely);
    await postgresRequestLogStore(kysely).insert([record(nowMs, 1)]);
    await sql`drop function signalbox_day_partition`.execute(kysely);
    await sql`alter function set_aside rename to signalbox_day_partition`.execute(kysely);

    const store = postgresRequestLogStore(kysely);
    expect(await store.insert([record(nowMs, 2), record(nowMs - 86_400_000, 3)])).toBe(2);
    expect(await partitions(kysely)).toBe(before + 1);
    expect((await store.list({ filters: {}, limit: 5 })).records).toHaveLength(3);
  });
});

test("replicas that write the same routes and days at once neither fail nor count twice", async () => {
  const databaseUrl = await server.createDatabase("replicas");
  await using one = await openDatabase({ kind: "url", databaseUrl });
  await using other = await openDatabase({ kind: "url", databaseUrl });
  const nowMs = Date.now();
  const records = Array.from({ length: 400 }, (_, number) => {
    const startedAtMs = nowMs - (number % 4) * 86_400_000;
    return testRecord({
      requestId: testId(startedAtMs, number),
      startedAtMs,
      decision: testDecision({
        route: `route-${number % 7}`,
        experiment: testAssignment({ variant: `variant-${number % 2}`, unit: `unit-${number % 11}` }),
      }),
      attempts: [testAttempt({ deployment: `deployment-${number % 3}` })],
      unit: { id: `unit-${number % 11}`, source: "user" },
    });
  });
  const batches = Array.from({ length: 40 }, (_, batch) => {
    const part = records.slice((batch % 20) * 20, (batch % 20) * 20 + 40);
    return batch % 2 === 0 ? part : part.toReversed();
  });
  const stores = [one, other].map(({ kysely }) => postgresRequestLogStore(kysely));
  await Promise.all(
    batches.flatMap((batch, index) => {
      const store = stores[index % 2];
      return store === undefined ? [] : [store.insert(batch)];
    }),
  );
  const totals = await postgresRequestLogStore(one.kysely).totals({
    fromMs: nowMs - 5 * 86_400_000,
    toMs: nowMs + 1,
    by: [],
  });
  expect(totals).toMatchObject([{ requests: 400, attempts: 400 }]);
  const { rows } = await sql<{ readonly requests: number }>`
    select sum(requests)::bigint as requests from unit_totals
    union all select sum(requests)::bigint from experiment_units
    union all select sum(requests)::bigint from experiment_periods`.execute(one.kysely);
  expect(rows).toEqual([{ requests: 400 }, { requests: 400 }, { requests: 400 }]);
});

test("units are summed with their squares; those that are a single request are one row", async () => {
  const kysely = await emptied("PGlite");
  const store = postgresRequestLogStore(kysely);
  const record = (number: number, unit: { id: string; source: "user" | "request" }, picoDollars: number) =>
    testRecord({
      requestId: testId(noonMs, number),
      unit,
      timings: { queueMs: 0, gatewayMs: 1, totalMs: number * 100 },
      cost: { picoDollars, estimated: false, unpricedAttempts: 0 },
    });
  const alice = { id: "alice", source: "user" as const };
  await store.insert([record(1, alice, 3), record(2, { id: "r2", source: "request" }, 5)]);
  await store.insert([
    record(3, alice, 4),
    record(4, { id: "r4", source: "request" }, 6),
    record(1, alice, 3),
  ]);
  const { rows } =
    await sql`select unit, requests, cost_pico, cost_pico_squares, total_ms_sum, total_ms_squares
    from unit_totals order by unit`.execute(kysely);
  expect(rows).toEqual([
    {
      unit: "",
      requests: 2,
      cost_pico: "11",
      cost_pico_squares: 61,
      total_ms_sum: 600,
      total_ms_squares: 200_000,
    },
    {
      unit: "alice",
      requests: 2,
      cost_pico: "7",
      cost_pico_squares: 25,
      total_ms_sum: 400,
      total_ms_squares: 100_000,
    },
  ]);
});
