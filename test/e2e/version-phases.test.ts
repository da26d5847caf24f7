import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { takeOverClock } from "../support/movable-clock.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const model = "gemini-3.5-flash-lite";
const configuration = `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments: { flash: { provider: google, model: ${model} } }
variants:
  calm: { pool: [flash], parameters: { temperature: 0 } }
  lively: { pool: [flash], parameters: { temperature: 1 } }
routes: { chat: { strategy: { use: calm } } }
experiments:
  tone: { route: chat, variants: { calm: 50%, lively: 50% }, on_version_change: new_phase, minimum: { units: 10, days: 0 } }
`;
const minuteMs = 60_000;

let postgres: PostgresServer;
let boxes: readonly [TestSignalbox, TestSignalbox];

beforeAll(async () => {
  postgres = await startPostgresServer();
  const databaseUrl = await postgres.createDatabase("version_phases_e2e");
  const start = () => startTestSignalbox({ configuration, database: { kind: "url", databaseUrl } });
  boxes = [await start(), await start()];
});

afterAll(async () => {
  await Promise.all(boxes.map((box) => box.close()));
  await postgres.stop();
});

/** Has so many new conversations answered. @returns the experiments that took them, with their phases */
async function talk(box: TestSignalbox, from: number, count: number): Promise<ReadonlySet<string>> {
  const experiments = new Set<string>();
  for (let at = from; at < from + count; at++) {
    const response = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-signalbox-conversation": `c${at}` },
      body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "hello" }] }),
    });
    await response.arrayBuffer();
    experiments.add(String(response.headers.get("x-signalbox-experiment")));
  }
  return experiments;
}

async function json(box: TestSignalbox, path: string): Promise<Readonly<Record<string, unknown>>> {
  const answer: unknown = await (await fetch(box.url + path)).json();
  return Object(answer);
}

test("a model that changes silently begins the next phase once over two processes, and its results are of the new version alone", async () => {
  using clock = takeOverClock();
  const [one, other] = boxes;
  expect((await one.post("/api/experiments/tone/start", {})).status).toBe(200);
  expect(await talk(one, 0, 60)).toEqual(new Set(["tone@1"]));
  await fetch(`${one.emulatorUrl}/emulator/versions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, version: `${model}-002` }),
  });
  for (const from of [60, 120]) {
    clock.advance(40 * minuteMs);
    await talk(one, from, 60);
  }
  await eventually(async () => {
    clock.advance(minuteMs);
    return (await json(other, "/api/experiments/tone"))["phase"] === 2;
  }, 20_000);
  const status = await json(other, "/api/experiments/tone");
  expect(status).toMatchObject({ state: "running", changed_by: "signalbox", problem: null });
  expect(status["phases"]).toHaveLength(2);
  for (const variant of ["calm", "lively"])
    expect(status["why"]).toMatch(
      new RegExp(
        `${variant} is answered by version ${model}-002 of ${model} since .+ UTC, by ${model} before`,
      ),
    );

  await one.eventually(async () => (await json(one, "/api/experiments/tone"))["phase"] === 2);
  expect(await talk(one, 180, 60)).toEqual(new Set(["tone@2"]));
  const found = async (phase: number) =>
    JSON.stringify((await json(one, `/api/experiments/tone/results?phase=${phase}`))["findings"]);
  expect(await found(1)).toContain("version-drift");
  await one.eventually(async () => !(await found(2)).includes("too-few-units"));
  expect(await found(2)).not.toContain("version-drift");
  expect((await json(other, "/api/experiments/tone"))["phases"]).toHaveLength(2);
}, 60_000);
