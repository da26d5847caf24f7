import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { ask, SteadyClients } from "../support/steady-clients.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
deployments:
  one: { provider: google, model: gemini-3.8-flash }
  two: { provider: google, model: gemini-3.8-flash }
  idle: { provider: google, model: gemini-3.5-flash-lite }
variants:
  chat-flash: { pool: [one, two] }
routes:
  chat: { strategy: { use: chat-flash } }
`;

const latency = {
  "gemini-3.8-flash": {
    firstTokenMsMedian: 20,
    firstTokenSigma: 0.1,
    tokensPerSecondMedian: 2_000,
    tokensPerSecondSigma: 0.1,
  },
};

/** How soon the others do what was done at one, as the manual says, and a busy machine's time on top, ms. */
const followMsMax = 1_000 + 1_000;

let postgres: PostgresServer;
let boxes: readonly [TestSignalbox, TestSignalbox];

beforeAll(async () => {
  postgres = await startPostgresServer();
  const databaseUrl = await postgres.createDatabase("two_processes");
  const start = () =>
    startTestSignalbox({
      configuration,
      latency,
      database: { kind: "url", databaseUrl },
      probes: { idleMs: 50, halfOpenMs: 50, perMinuteMax: 1_000, roundMs: 20 },
    });
  boxes = [await start(), await start()];
});

afterAll(async () => {
  await Promise.all(boxes.map((box) => box.close()));
  await postgres.stop();
});

async function drained(box: TestSignalbox, word: "drain" | "enable"): Promise<void> {
  const response = await fetch(`${box.url}/api/deployments/two/${word}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(response.status).toBe(200);
}

test("what one process does with a deployment the other follows within a second, and no request fails at either", async () => {
  const [first, second] = boxes;
  await using here = new SteadyClients(first.url, 8);
  await using there = new SteadyClients(second.url, 8);
  await eventually(async () => (await there.next(10)).includes("two"));
  await drained(first, "drain");
  expect(await here.next(20)).not.toContain("two");
  const drainedAt = performance.now();
  await eventually(async () => !(await there.next(20)).includes("two"), followMsMax + 1_000);
  await there.stop();
  await here.stop();
  const late = there.asked.filter(({ deployment, sentAt }) => deployment === "two" && sentAt > drainedAt);
  for (const { sentAt } of late) expect(sentAt - drainedAt).toBeLessThan(followMsMax);
  expect([...here.failures, ...there.failures]).toEqual([]);
  const { id } = await ask(second.url, { stream: false });
  expect((await second.request(id))["decision"]).toMatchObject({
    snapshot: { status_epoch: expect.any(Number) },
  });
  await drained(second, "enable");
}, 30_000);

/** How often a process has probed the deployment that nobody asks. */
function probes(box: TestSignalbox): number {
  return box.ledger().filter(({ path }) => path === "/v1beta/models/gemini-3.5-flash-lite").length;
}

test("of two processes only one probes, and the other takes over when it is gone", async () => {
  const [first, second] = boxes;
  await eventually(() => probes(first) + probes(second) >= 5);
  const [prober, other] = probes(first) > 0 ? [first, second] : [second, first];
  const before = probes(prober);
  await eventually(() => probes(prober) >= before + 5);
  expect(probes(other)).toBe(0);
  await prober.close();
  await eventually(() => probes(other) >= 5);
}, 30_000);
