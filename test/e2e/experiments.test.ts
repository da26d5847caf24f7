import { afterAll, beforeAll, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { databaseImage, type DatabaseImage } from "../support/database-image.ts";
import { eventually } from "../support/eventually.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { preparedFolder, SignalboxProcess } from "../support/signalbox-process.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** An experiment, and what may be otherwise in it. */
function written({ temperature = 1, coverage = "100%" } = {}): string {
  return `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments: { flash: { provider: google, model: gemini-3.5-flash-lite } }
variants:
  calm: { pool: [flash], parameters: { temperature: 0 } }
  lively: { pool: [flash], parameters: { temperature: ${temperature} } }
routes: { chat: { strategy: { use: calm } } }
experiments:
  tone: { route: chat, incumbent: calm, coverage: ${coverage}, variants: { calm: 50%, lively: 50% } }
`;
}

let image: DatabaseImage;
let postgres: PostgresServer;
let boxes: readonly [TestSignalbox, TestSignalbox];

beforeAll(async () => {
  image = await databaseImage();
  postgres = await startPostgresServer();
  const databaseUrl = await postgres.createDatabase("experiments_e2e");
  const start = () =>
    startTestSignalbox({ configuration: written(), database: { kind: "url", databaseUrl } });
  boxes = [await start(), await start()];
});

afterAll(async () => {
  await Promise.all(boxes.map((box) => box.close()));
  await postgres.stop();
});

async function experiment(url: string, name = "tone"): Promise<JsonObject> {
  const answer: unknown = await (await fetch(`${url}/api/experiments/${name}`)).json();
  return isJsonObject(answer) ? answer : {};
}

/** Who answers each of some conversations, and for which phase of an experiment. */
async function asked(box: TestSignalbox): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(
    Array.from({ length: 24 }, async (_, at): Promise<[string, string]> => {
      const response = await fetch(`${box.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-signalbox-conversation": `c${at}` },
        body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "hello" }] }),
      });
      await response.arrayBuffer();
      const header = (name: string) => String(response.headers.get(`x-signalbox-${name}`));
      return [`c${at}`, `${header("variant")} ${header("experiment")}`];
    }),
  );
  return new Map(answers);
}

async function until(url: string, wanted: JsonObject): Promise<void> {
  await eventually(async () => {
    const shown = await experiment(url);
    return Object.entries(wanted).every(([key, value]) => shown[key] === value);
  });
}

test("an experiment from its draft to its decision, by calls and by commands, over two processes", async () => {
  const [one, other] = boxes;
  expect((await runSignalbox(one.url, "experiment", "list")).out).toMatch(
    /^tone +draft +chat of calm: calm 50%, lively 50% *\n$/,
  );
  const early = await runSignalbox(one.url, "experiment", "stop", "tone");
  expect(early).toMatchObject({ status: 1, out: "" });
  expect(early.err).toContain('Cannot stop experiment "tone": running or paused is wanted, it is draft');

  expect((await one.post("/api/experiments/tone/start", { why: "go" })).status).toBe(200);
  await until(other.url, { state: "running", phase: 1 });
  const status = await runSignalbox(other.url, "experiment", "status", "tone", "--json");
  expect(JSON.parse(status.out)).toMatchObject({
    state: "running",
    changed_by: "anyone",
    why: "go",
    problem: null,
  });

  const first = await asked(one);
  expect(new Set(first.values())).toEqual(new Set(["calm tone@1", "lively tone@1"]));
  expect(await asked(other)).toEqual(first);

  const apply = (text: string) => other.post("/api/configuration/apply", { text });
  expect((await apply(written({ coverage: "20%" }))).status).toBe(200);
  await eventually(async () => {
    const { out } = await runSignalbox(one.url, "experiment", "status", "tone");
    return out.includes("~ not taken over while it goes on: experiment tone: coverage 100% -> 20%");
  });
  expect((await apply(written({ temperature: 0.5 }))).status).toBe(200);
  await until(one.url, { phase: 2, state: "running", changed_by: "signalbox", problem: null });
  await until(other.url, { phase: 2 });

  const second = await asked(one);
  expect(new Set(second.values())).toEqual(new Set(["calm tone@2", "lively tone@2"]));
  expect(await asked(other)).toEqual(second);

  for (const [box, operation, state] of [
    [one, "pause", "paused"],
    [one, "resume", "running"],
    [one, "stop", "stopped"],
  ] as const) {
    const done = await runSignalbox(
      box.url,
      "experiment",
      operation,
      "tone",
      "--why",
      "as planned",
      "--json",
    );
    expect(done).toMatchObject({ status: 0, err: "" });
    expect(JSON.parse(done.out)).toMatchObject({ state, why: "as planned", phase: 2 });
  }
  expect(new Set((await asked(one)).values())).toEqual(new Set(["calm null"]));
  const decide = ["experiment", "decide", "tone", "--why", "livelier"] as const;
  expect((await runSignalbox(one.url, ...decide)).status).toBe(2);
  expect((await runSignalbox(one.url, ...decide, "--winner", "calm", "--none")).status).toBe(2);
  expect((await runSignalbox(one.url, ...decide, "--winner", "hectic")).status).toBe(2);
  const decided = await runSignalbox(one.url, ...decide, "--winner", "lively");
  expect(decided.out).toMatch(/^tone +decided for lively +phase 2 /);
  expect(decided.out.split("\n").filter((line) => / -> |begins/.test(line))).toHaveLength(6);
  expect((await runSignalbox(one.url, "experiment", "start", "tone")).status).toBe(1);
  expect((await runSignalbox(one.url, "experiment", "status", "nothing")).status).toBe(2);
  expect((await runSignalbox("http://127.0.0.1:1", "experiment", "list")).status).toBe(3);
});

test("a design by a call is in the configuration; one of two that take the same requests is refused", async () => {
  const [one] = boxes;
  const design = { route: "chat", variants: { calm: "90%", lively: "10%" } };
  const refused = await one.post("/api/experiments", { name: "mood", design });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('a layer together with \\"tone\\"');
  const later = { ...design, start: "2999-01-01" };
  const kept = written().replace("coverage:", "end: 2998-01-01, coverage:");
  expect((await one.post("/api/configuration/apply", { text: kept })).status).toBe(200);
  expect((await one.post("/api/experiments", { name: "mood", design: later })).status).toBe(201);
  const start = await runSignalbox(one.url, "experiment", "start", "mood");
  expect(start.err).toContain("a time from its start, 2999-01-01T00:00:00.000Z, on is wanted");
  expect(start.status).toBe(1);
});

test("what runs when the process is killed runs on after the next start, in its phase", async () => {
  using folder = preparedFolder(written(), image);
  const environment = { ...folder.environment, SIGNALBOX_LOG_LEVEL: "error" };
  let phases: unknown;
  {
    await using first = SignalboxProcess.start(environment);
    const url = await first.url();
    expect((await runSignalbox(url, "experiment", "start", "tone")).status).toBe(0);
    ({ phases } = await experiment(url));
    first.signal("SIGKILL");
    await first.exitCode();
  }
  await using next = SignalboxProcess.start(environment);
  const shown = await experiment(await next.url());
  expect(shown).toMatchObject({ state: "running", phase: 1, problem: null });
  expect(shown["phases"]).toEqual(phases);
}, 60_000);
