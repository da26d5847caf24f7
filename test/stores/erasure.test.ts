import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { testEntry } from "#features/traffic/feedback/feedback.test-support.ts";
import { postgresEraser, postgresFeedbackStore, postgresRequestLogStore } from "#features/traffic/index.ts";
import {
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("erasure");
const dayMs = 86_400_000;

/** Requests of two units, in an experiment, on two days, with content and feedback. */
async function filled({ kysely }: Database, nowMs: number) {
  await sql`truncate requests, attempts, captured_content, feedback, feedback_revisions, experiment_units, unit_totals`.execute(
    kysely,
  );
  const log = postgresRequestLogStore(kysely);
  const feedback = postgresFeedbackStore(kysely);
  const record = (number: number, unit: string, startedAtMs: number) =>
    testRecord({
      requestId: testId(startedAtMs, number),
      startedAtMs,
      unit: { id: unit, source: "header" },
      conversation: `talk of ${unit}`,
      decision: testDecision({ experiment: testAssignment({ unit }) }),
    });
  const records = [record(1, "ann", nowMs), record(2, "ann", nowMs - dayMs), record(3, "bob", nowMs)];
  await log.insert(records);
  await log.insertContent(
    records.map(({ requestId }) => ({
      requestId,
      request: "hi",
      response: "ho",
      truncated: false,
      redactions: 0,
    })),
  );
  const about = (number: number, subject: { kind: "unit" | "conversation" | "request"; id: string }) => {
    const { request: _request, ...entry } = testEntry(number, { subject });
    return entry;
  };
  const entries = [
    about(1, { kind: "request", id: records[0]?.requestId ?? "" }),
    about(2, { kind: "unit", id: "ann" }),
    about(3, { kind: "request", id: records[2]?.requestId ?? "" }),
    about(4, { kind: "unit", id: "bob" }),
    testEntry(5, { request: { unit: "ann", route: "chat" } }),
  ];
  await feedback.keep("key_ann", entries, nowMs);
  const mentions = async (name: string): Promise<number> => {
    const tables = [
      "requests",
      "captured_content",
      "attempts",
      "feedback",
      "experiment_units",
      "unit_totals",
    ];
    const counts = await Promise.all(
      tables.map((table) =>
        sql<{ readonly count: number }>`
          select count(*) as count from ${sql.table(table)} as held where to_json(held)::text like ${`%"${name}"%`}`.execute(
          kysely,
        ),
      ),
    );
    return counts.reduce((sum, { rows }) => sum + (rows[0]?.count ?? 0), 0);
  };
  return { log, feedback, records, mentions };
}

test.each(["pglite", "postgres"] as const)("of a unit nothing stays, of others all, %s", async (kind) => {
  const database = databases()[kind];
  const nowMs = Date.now();
  const { log, feedback, records, mentions } = await filled(database, nowMs);
  const others = await mentions("bob");
  expect(await mentions("ann")).toBeGreaterThan(0);
  const erased = await postgresEraser(database.kysely).erase("ann", nowMs);
  expect(erased).toMatchObject({ requests: 2, feedback: 3, complete: true });
  expect(erased.sums).toBeGreaterThanOrEqual(2);
  expect(await mentions("ann")).toBe(0);
  expect(await mentions("bob")).toBe(others);
  const [first, second, bobs] = records.map(({ requestId }) => requestId);
  for (const id of [first, second]) {
    expect(await log.get(id ?? "")).toBeUndefined();
    expect(await log.content(id ?? "")).toBeUndefined();
  }
  expect(await log.content(bobs ?? "")).toBeDefined();
  const left = (await feedback.list({ filters: {}, limit: 10 })).feedback.map(({ subject }) => subject.id);
  expect(new Set(left)).toEqual(new Set(["bob", bobs]));
  const again = await postgresEraser(database.kysely).erase("ann", nowMs);
  expect(again).toEqual({ requests: 0, feedback: 0, sums: 0, complete: true });
});

test.each(["pglite", "postgres"] as const)("a conversation goes by itself, %s", async (kind) => {
  const database = databases()[kind];
  const nowMs = Date.now();
  const { log, records } = await filled(database, nowMs);
  const erased = await postgresEraser(database.kysely).erase("talk of bob", nowMs);
  expect(erased).toMatchObject({ requests: 1, feedback: 1 });
  expect(await log.get(records[2]?.requestId ?? "")).toBeUndefined();
  expect(await log.get(records[0]?.requestId ?? "")).toBeDefined();
});
