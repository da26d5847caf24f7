import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startEmulator, type Emulator } from "#emulator/start-emulator.ts";
import { databaseImage, type DatabaseImage } from "../support/database-image.ts";
import { eventually } from "../support/eventually.ts";
import { preparedFolder, SignalboxProcess, type WorkFolder } from "../support/signalbox-process.ts";

const questions = Array.from({ length: 80 }, (_, at) => ({
  id: `q${at}`,
  question: `Question ${at}: what is ${at} plus ${at}?`,
  answer: `It is ${at + at}.`,
}));

/** Long enough that a run is killed in its middle, whatever the machine. */
const slow = {
  firstTokenMsMedian: 40,
  firstTokenSigma: 0.1,
  tokensPerSecondMedian: 2_000,
  tokensPerSecondSigma: 0.1,
};

let emulator: Emulator;
let image: DatabaseImage;
beforeAll(async () => {
  image = await databaseImage();
  emulator = await startEmulator({
    latency: { "qwen3-32b": slow },
    answerKeys: { questions, choices: ["I do not know"], skills: { "qwen3-32b": 0.7 } },
  });
});
afterAll(() => emulator.close());

const configuration = () => `
version: 1
providers:
  in-house: { dialect: openai-chat, base_url: "${emulator.url}/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments: { qwen: { provider: in-house, model: qwen3-32b, price: { input: $1, output: $2 } } }
variants: { chat-qwen: { pool: [qwen] } }
routes: { chat: { strategy: { use: chat-qwen } } }
`;

const concurrency = 4;

const body = JSON.stringify({
  evaluation: {
    name: "sums",
    data: { file: "sums.jsonl" },
    prompt: "{{question}}",
    targets: { qwen: { model: "chat" } },
    scorers: { right: { kind: "contains", reference: "answer" } },
    parameters: { temperature: 0 },
    concurrency,
  },
  items: questions.map(({ id, question, answer }) => ({ id, fields: { question, answer } })),
});

const adminKey = "the-admin-key-of-a-test";

const environmentOf = (folder: WorkFolder) => ({
  ...folder.environment,
  SIGNALBOX_ADMIN_KEY: adminKey,
  IN_HOUSE_KEY: "in-house-key",
});

const score = z.looseObject({ value: z.number() });
const runShape = z.looseObject({
  id: z.string(),
  state: z.string(),
  done: z.int(),
  lost: z.int(),
  report: z
    .object({
      runs: z.array(
        z.object({
          targets: z.array(
            z.object({
              answered: z.int(),
              failed: z.int(),
              cost_usd: z.object({ total: z.number() }),
              scorers: z.array(z.object({ score })),
            }),
          ),
        }),
      ),
    })
    .nullable(),
});
const lineShape = z.object({ kind: z.string(), record: z.object({ item: z.string() }).optional() });

/** The runs of a process. */
function runsOf(url: string) {
  const call = async (path = "", init: RequestInit = {}) => {
    const headers = {
      authorization: `Bearer ${adminKey}`,
      ...(init.body !== undefined && { "content-type": "application/json" }),
    };
    const response = await fetch(`${url}/api/evaluations/runs${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const told = async (path?: string, init?: RequestInit) =>
    runShape.partial({ report: true }).parse(await (await call(path, init)).json());
  return {
    start: async () => (await told("", { method: "POST", body })).id,
    run: async (id: string) => {
      const run = await told(`/${id}`);
      const target = run.report?.runs[0]?.targets[0];
      if (!target) throw new Error(`Run ${id} has no report`);
      return { ...run, target };
    },
    stop: async (id: string) => told(`/${id}/stop`, { method: "POST" }),
    resume: async (id: string) => told(`/${id}/resume`, { method: "POST", body: "{}" }),
    /** Waits until some answers are there. */
    hasDone: (id: string, count: number) =>
      eventually(async () => (await told(`/${id}?report=false`)).done >= count, 60_000),
    /** Hears of a run until it is over. */
    toItsEnd: async (id: string) => void (await (await call(`/${id}/events`)).text()),
    finished: async (id: string) => {
      const lines = (await (await call(`/${id}/records`)).text()).trimEnd().split("\n");
      return lines.flatMap((line) => lineShape.parse(JSON.parse(line)).record ?? []);
    },
  };
}

/** Each question has one answer that counts, and no more. */
async function expectWhole(runs: ReturnType<typeof runsOf>, id: string): Promise<void> {
  const finished = await runs.finished(id);
  expect(new Set(finished.map(({ item }) => item)).size).toBe(questions.length);
  expect(finished).toHaveLength(questions.length);
}

/** Three starts of a process, and questions that take their time. */
const timeoutMs = 120_000;

test(
  "a run goes on after kill -9 of its process to the same numbers; what was paid twice is counted",
  { timeout: timeoutMs },
  async () => {
    using folder = preparedFolder(configuration(), image);
    const before = SignalboxProcess.start(environmentOf(folder));
    const first = runsOf(await before.url());
    const whole = await first.start();
    await first.toItsEnd(whole);
    const expected = (await first.run(whole)).target;
    expect(expected).toMatchObject({ answered: questions.length, failed: 0 });
    expect(emulator.ledger.rows()).toHaveLength(questions.length);
    emulator.ledger.clear();

    const broken = await first.start();
    await first.hasDone(broken, 30);
    before.signal("SIGKILL");
    await before.exitCode();
    expect(emulator.ledger.rows().length).toBeLessThan(questions.length);

    await using after = SignalboxProcess.start(environmentOf(folder));
    const second = runsOf(await after.url());
    await second.toItsEnd(broken);
    const run = await second.run(broken);
    expect(run).toMatchObject({ state: "finished", total: questions.length, done: questions.length });
    await expectWhole(second, broken);
    expect(run.lost).toBeGreaterThan(0);
    expect(run.lost).toBeLessThanOrEqual(concurrency);
    // The emulator's own book: each question once, and once more for each answer that was lost under way.
    const twice = emulator.ledger.rows().length - questions.length;
    expect(twice).toBeGreaterThanOrEqual(0);
    expect(twice).toBeLessThanOrEqual(run.lost);
    expect(run.target.scorers).toEqual(expected.scorers);
    expect(run.target.cost_usd.total).toBeCloseTo(expected.cost_usd.total, 9);
  },
);

test(
  "a run is stopped and gone on with; a process that is told to stop leaves it to the next one, and loses nothing",
  { timeout: timeoutMs },
  async () => {
    using folder = preparedFolder(configuration(), image);
    const before = SignalboxProcess.start(environmentOf(folder));
    const first = runsOf(await before.url());
    emulator.ledger.clear();
    const id = await first.start();
    await first.hasDone(id, 10);
    await first.stop(id);
    await first.toItsEnd(id);
    const stopped = await first.run(id);
    expect(stopped).toMatchObject({ state: "stopped", stop: { kind: "interrupted" }, lost: 0 });
    expect(stopped.done).toBeLessThan(questions.length);

    await first.resume(id);
    await first.hasDone(id, stopped.done + 10);
    before.signal("SIGTERM");
    expect(await before.exitCode()).toBe(0);
    expect(emulator.ledger.rows().length).toBeLessThan(questions.length);

    await using after = SignalboxProcess.start(environmentOf(folder));
    const second = runsOf(await after.url());
    await second.toItsEnd(id);
    expect(await second.run(id)).toMatchObject({ state: "finished", done: questions.length, lost: 0 });
    await expectWhole(second, id);
    expect(emulator.ledger.rows()).toHaveLength(questions.length);
  },
);
