import { renameSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmulator, type Emulator } from "#emulator/start-emulator.ts";
import { startPostgresServer } from "../support/postgres-server.ts";
import { SignalboxProcess, workFolder } from "../support/signalbox-process.ts";

/** Several processes and databases start; a busy machine takes its time. */
const startMsMax = 120_000;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});

afterAll(() => emulator.close());

/** A configuration with one route; `tokens` tells versions apart. */
function configuration(tokens: number, key = "MODEL_KEY"): string {
  return `
version: 1
providers:
  in-house: { dialect: openai-chat, base_url: "${emulator.url}/v1", private_network: true, api_key: "\${${key}}" }
deployments:
  qwen: { provider: in-house, model: qwen3-32b }
variants:
  chat-qwen: { pool: [qwen], parameters: { max_output_tokens: ${tokens} } }
routes:
  chat: { strategy: { use: chat-qwen } }
`;
}

/** As editors do: a new file takes the place of the old one. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}~`, text);
  renameSync(`${path}~`, path);
}

interface Shown {
  readonly number: number;
  readonly source: string;
  readonly file: { readonly state: string; readonly problem: string | null };
  readonly refused: { readonly number: number; readonly problem: string } | null;
}

async function shown(url: string): Promise<Shown> {
  // The shape is what the schema of this endpoint promises.
  return (await (await fetch(`${url}/api/configuration`)).json()) as Shown;
}

/** Waits until a Signalbox shows something of its configuration; fails after 20 s, with what it shows. */
async function untilShown(url: string, holds: (now: Shown) => boolean): Promise<Shown> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const now = await shown(url);
    if (holds(now)) return now;
    if (performance.now() > deadline)
      throw new Error(`What was waited for did not come: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function apply(url: string, text: string): Promise<number> {
  const response = await fetch(`${url}/api/configuration/apply`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  return response.status;
}

async function chat(url: string): Promise<number> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "Hello" }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

test(
  "a running Signalbox follows its file, stays on its feet when that is wrong, and a start undoes no call",
  async () => {
    using folder = workFolder(configuration(10));
    const file = folder.environment.SIGNALBOX_CONFIG;
    const environment = { ...folder.environment, MODEL_KEY: "sk-planted-key" };
    {
      await using signalbox = SignalboxProcess.start(environment);
      const url = await signalbox.url();
      expect(await shown(url)).toMatchObject({ number: 1, source: "file", file: { state: "in-force" } });

      replace(file, configuration(20));
      await untilShown(url, ({ number, file }) => number === 2 && file.state === "in-force");

      replace(file, configuration(30).replace("pool: [qwen]", "pool: [gwen]"));
      const wrong = await untilShown(url, ({ file }) => file.state === "invalid");
      expect(wrong).toMatchObject({ number: 2 });
      expect(wrong.file.problem).toMatch(
        /signalbox\.yaml:8:\d+ variants\.chat-qwen\.pool\.0: wanted .*"qwen"/,
      );
      expect(signalbox.stderr).toContain("configuration-file-invalid");
      expect(await chat(url)).toBe(200);

      replace(file, configuration(40));
      await untilShown(url, ({ number, file }) => number === 3 && file.state === "in-force");
      expect(await apply(url, configuration(50))).toBe(200);
      expect(await shown(url)).toMatchObject({ number: 4, source: "api", file: { state: "replaced" } });
      expect(signalbox.stderr).not.toContain("sk-planted-key");
      signalbox.signal("SIGKILL");
      await signalbox.exitCode();
    }
    await using again = SignalboxProcess.start(environment);
    const url = await again.url();
    expect(await shown(url)).toMatchObject({ number: 4, source: "api", file: { state: "replaced" } });
    expect(again.stderr).toContain("configuration-file-replaced");
    expect(await chat(url)).toBe(200);
  },
  startMsMax,
);

test(
  "of two processes on one Postgres the other follows within seconds; one that lacks a variable stays and says so",
  async () => {
    await using postgres = await startPostgresServer();
    const databaseUrl = await postgres.createDatabase("two_configurations");
    using folder = workFolder(configuration(10));
    using other = workFolder(configuration(10));
    await using first = SignalboxProcess.start({
      ...folder.environment,
      DATABASE_URL: databaseUrl,
      MODEL_KEY: "any",
      NEW_KEY: "any",
    });
    const firstUrl = await first.url();
    await using second = SignalboxProcess.start({
      ...other.environment,
      DATABASE_URL: databaseUrl,
      MODEL_KEY: "any",
    });
    const secondUrl = await second.url();
    expect(await shown(secondUrl)).toMatchObject({ number: 1 });

    expect(await apply(firstUrl, configuration(20))).toBe(200);
    await untilShown(secondUrl, ({ number }) => number === 2);

    const statuses = await Promise.all([
      apply(firstUrl, configuration(30)),
      apply(secondUrl, configuration(40)),
    ]);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1);
    for (const status of statuses) expect([200, 409]).toContain(status);
    const { number } = await untilShown(firstUrl, (now) => now.number > 2);

    expect(await apply(firstUrl, configuration(50, "NEW_KEY"))).toBe(200);
    const { refused } = await untilShown(secondUrl, (now) => now.refused !== null);
    expect(refused?.problem).toContain("NEW_KEY");
    expect(await chat(secondUrl)).toBe(200);
    expect((await shown(firstUrl)).number).toBeGreaterThan(number);
  },
  startMsMax,
);
