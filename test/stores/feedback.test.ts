import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { testEntry } from "#features/traffic/feedback/feedback.test-support.ts";
import { eventMomentsContract } from "#features/traffic/feedback/event-moments.contract.ts";
import { feedbackMomentsContract } from "#features/traffic/feedback/feedback-moments.contract.ts";
import { judgedMomentsContract } from "#features/traffic/feedback/judged-moments.contract.ts";
import { oldFeedbackContract } from "#features/traffic/feedback/old-feedback.contract.ts";
import { feedbackContract } from "#features/traffic/feedback/store.contract.ts";
import { postgresFeedbackStore, postgresRequestLogStore } from "#features/traffic/index.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { bothDatabases } from "../support/both-databases.ts";
import { Gate } from "../support/gate.ts";

const databases = bothDatabases("feedback");

async function emptied({ kysely }: Database, log: readonly RequestRecord[] = []) {
  await sql`truncate feedback, feedback_revisions, requests, attempts, experiment_units`.execute(kysely);
  if (log.length > 0) await postgresRequestLogStore(kysely).insert(log);
  return postgresFeedbackStore(kysely);
}

feedbackContract("PGlite", (log) => emptied(databases().pglite, log));
feedbackContract("Postgres", (log) => emptied(databases().postgres, log));
oldFeedbackContract("PGlite", (log) => emptied(databases().pglite, log));
oldFeedbackContract("Postgres", (log) => emptied(databases().postgres, log));
feedbackMomentsContract("PGlite", (log) => emptied(databases().pglite, log));
eventMomentsContract("PGlite", (log) => emptied(databases().pglite, log));
feedbackMomentsContract("Postgres", (log) => emptied(databases().postgres, log));
eventMomentsContract("Postgres", (log) => emptied(databases().postgres, log));
judgedMomentsContract("PGlite", (log) => emptied(databases().pglite, log));
judgedMomentsContract("Postgres", (log) => emptied(databases().postgres, log));

test("a Postgres that is away is a failure that may pass; what had been answered is there when it is back", async () => {
  const { gate, databaseUrl } = await Gate.to(await databases().server.createDatabase("feedback_away"));
  await using _ = gate;
  await using database = await openDatabase({ kind: "url", databaseUrl });
  const store = postgresFeedbackStore(database.kysely);
  await store.keep("key_ann", [testEntry(1)], 1_000);
  gate.close();
  for (const failing of [
    () => store.keep("key_ann", [testEntry(2), testEntry(3)], 1_000),
    () => store.list({ filters: {}, limit: 1 }),
    () => store.pending({ limit: 1 }),
  ])
    await expect(failing()).rejects.toMatchObject({ code: "store-unavailable", retryable: true });
  gate.open();
  expect((await store.list({ filters: {}, limit: 10 })).feedback.map(({ id }) => id)).toEqual([
    testEntry(1).newId,
  ]);
});
