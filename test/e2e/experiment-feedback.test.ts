import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { postgresFeedbackStore, postgresRequestLogStore } from "#features/traffic/index.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments: { flash: { provider: google, model: gemini-3.5-flash-lite } }
variants:
  calm: { pool: [flash], parameters: { temperature: 0 } }
  lively: { pool: [flash], parameters: { temperature: 1 } }
routes: { chat: { strategy: { use: calm } } }
experiments:
  tone: { route: chat, incumbent: calm, unit: conversation, variants: { calm: 50%, lively: 50% } }
`;
const phase = { experiment: "tone", phase: 1 };
const sumsOf = (name: string) => [
  { name, of: "values" as const },
  { name, of: "valued" as const },
];
const conversations = Array.from({ length: 12 }, (_, number) => `ticket-${number}`);

let server: PostgresServer;
let database: Database;
let box: TestSignalbox;

beforeAll(async () => {
  server = await startPostgresServer();
  const databaseUrl = await server.createDatabase("experiment_feedback");
  box = await startTestSignalbox({ configuration, database: { kind: "url", databaseUrl } });
  database = await openDatabase({ kind: "url", databaseUrl });
});

afterAll(async () => {
  await database.close();
  await box.close();
  await server.stop();
});

/** Asks something in a conversation; which request it was and who was to answer. */
async function ask(conversation: string) {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-conversation": conversation },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "hello" }] }),
  });
  await response.arrayBuffer();
  const header = (name: string) => response.headers.get(`x-signalbox-${name}`) ?? "";
  return {
    conversation,
    id: header("request-id"),
    variant: header("variant"),
    experiment: header("experiment"),
  };
}

test("feedback on requests, and on conversations, counts for the variants of the conversations", async () => {
  expect((await box.post("/api/experiments/tone/start", { why: "go" })).status).toBe(200);
  await box.eventually(async () => (await ask("before all")).experiment === "tone@1");
  const asked = await Promise.all([...conversations, ...conversations].map(ask));
  expect(new Set(asked.map(({ variant }) => variant))).toEqual(new Set(["calm", "lively"]));

  // Each conversation has two requests. Its first one is rated, 4 or 1 by the variant; every third one is said to be resolved.
  const [first, again] = [asked.slice(0, conversations.length), asked.slice(conversations.length)];
  const stars = { calm: 4, lively: 1 };
  const isResolved = (at: number) => at % 3 === 0;
  const given = await box.post("/v1/feedback", [
    ...first.map(({ id, variant }) => ({
      request_id: id,
      name: "stars",
      score: variant === "calm" ? stars.calm : stars.lively,
    })),
    { request_id: again[0]?.id, name: "stars", score: 5 },
    ...first.map(({ conversation }, at) => ({ conversation, name: "resolved", outcome: isResolved(at) })),
    { conversation: "of another world", name: "resolved", outcome: true },
    { unit: conversations[0], name: "resolved", outcome: true },
  ]);
  expect(given.status).toBe(207);

  const store = postgresFeedbackStore(database.kysely);
  const units = conversations.length + 1;
  await box.eventually(async () => {
    const met = await store.feedbackMoments({ ...phase, sums: sumsOf("stars") });
    const rated = (await store.feedbackNames(phase)).find(({ name }) => name === "stars");
    return (
      met.reduce((sum, of) => sum + of.units, 0) === units && rated?.ratings === conversations.length + 1
    );
  });
  expect(await store.feedbackNames(phase)).toEqual([
    { name: "stars", ratings: conversations.length + 1, units: conversations.length },
    { name: "resolved", ratings: conversations.length, units: conversations.length },
  ]);

  const expected = (name: "stars" | "resolved") =>
    ["calm", "lively"].map((variant) => {
      const own = first.flatMap((one, at) => (one.variant === variant ? [{ ...one, at }] : []));
      const values = own.flatMap(({ at }): readonly number[] => {
        if (name === "resolved") return [Number(isResolved(at))];
        const value = variant === "calm" ? stars.calm : stars.lively;
        return at === 0 ? [value, 5] : [value];
      });
      return { variant, sum: values.reduce((sum, value) => sum + value, 0), number: values.length };
    });
  const told = async (name: string) =>
    (await store.feedbackMoments({ ...phase, sums: sumsOf(name) })).map((of) => ({
      variant: of.variant,
      sum: Math.round((of.means[0] ?? 0) * of.units),
      number: Math.round((of.means[1] ?? 0) * of.units),
    }));
  expect(await told("stars")).toEqual(expected("stars"));
  expect(await told("resolved")).toEqual(expected("resolved"));

  // The requests may go: what was said about them stays.
  expect(await postgresRequestLogStore(database.kysely).dropBefore("9999-01-01", "rows")).toBeGreaterThan(0);
  expect(await told("stars")).toEqual(expected("stars"));
});
