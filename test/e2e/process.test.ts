import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startEmulator, type Emulator } from "#emulator/start-emulator.ts";
import { databaseImage, type DatabaseImage } from "../support/database-image.ts";
import { rawExchange, rawRequest } from "../support/raw-http.ts";
import { preparedFolder, SignalboxProcess, type WorkFolder } from "../support/signalbox-process.ts";

let emulator: Emulator;
let image: DatabaseImage;
beforeAll(async () => {
  image = await databaseImage();
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => emulator.faults.clear());

/** Two real providers, both the emulator: no emulation of our own, so that nothing but keys decides who may call. */
const configuration = () => `
version: 1
providers:
  google: { dialect: gemini, base_url: "${emulator.url}/v1beta", api_key: "\${GOOGLE_KEY}", private_network: true }
  in-house: { dialect: openai-chat, base_url: "${emulator.url}/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  qwen: { provider: in-house, model: qwen3-32b }
variants:
  chat-flash: { pool: [flash] }
  chat-qwen: { pool: [qwen] }
routes:
  chat: { strategy: { use: chat-flash }, fallbacks: [chat-qwen] }
  passing: { strategy: { use: chat-qwen } }
`;
const providerKeys = { GOOGLE_KEY: "planted-provider-key-1", IN_HOUSE_KEY: "planted-provider-key-2" };

const prepared = (text: string): WorkFolder => preparedFolder(text, image);

function start(folder: WorkFolder, more: Readonly<Record<string, string>> = {}) {
  return SignalboxProcess.start({ ...folder.environment, ...providerKeys, ...more });
}

function chat(url: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "hi" }], ...body }),
  });
}

const says = (content: string) => ({ messages: [{ role: "user", content }] });

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("What was waited for did not come within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("what must not be started", () => {
  async function refused(folder: WorkFolder, more: Readonly<Record<string, string>> = {}) {
    await using process = start(folder, more);
    const code = await process.exitCode();
    expect(process.stderr).not.toMatch(/\n\s+at |planted/);
    return { code, stderr: process.stderr };
  }

  test("a wrong configuration: every problem with its line, exit code 2", async () => {
    using folder = prepared(`${configuration()}  broken: { strategy: { use: nobody } }\n  worse: 7\n`);
    const { code, stderr } = await refused(folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/signalbox\.yaml:15:\d+/);
    expect(stderr).toMatch(/signalbox\.yaml:16:\d+/);
    expect(stderr).toContain('"nobody"');
  });

  test("no configuration: its path, exit code 2", async () => {
    using folder = prepared("");
    const { code, stderr } = await refused(folder, { SIGNALBOX_CONFIG: "/nowhere/signalbox.yaml" });
    expect([code, stderr]).toEqual([2, expect.stringContaining("/nowhere/signalbox.yaml")]);
  });

  test("a port in use: which one, and what to do, exit code 3", async () => {
    using folder = prepared(configuration());
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await refused(folder, { SIGNALBOX_PORT: String(port) });
    taken.close();
    expect(code).toBe(3);
    expect(stderr).toContain(`Cannot listen on "127.0.0.1:${port}"`);
    expect(stderr).toContain("SIGNALBOX_PORT");
  });

  test("an address that others can reach, without a key: exit code 2", async () => {
    using folder = prepared(configuration());
    const { code, stderr } = await refused(folder, { SIGNALBOX_HOST: "0.0.0.0" });
    expect([code, stderr]).toEqual([2, expect.stringContaining("SIGNALBOX_ADMIN_KEY")]);
  });

  test("emulation on an address that others can reach, key or not: exit code 2", async () => {
    using folder = prepared(
      "version: 1\nproviders:\n  google: { dialect: gemini, api_key: '${NO_KEY}', emulate: without_key }\n",
    );
    const { code, stderr } = await refused(folder, {
      SIGNALBOX_HOST: "0.0.0.0",
      SIGNALBOX_ADMIN_KEY: "a-key-of-sixteen-or-more",
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('Cannot emulate provider "google"')]);
  });

  test("a second one on the same data: exit code 3, and the first serves on", async () => {
    using folder = prepared(configuration());
    await using first = start(folder);
    const url = await first.url();
    const { code, stderr } = await refused(folder);
    expect([code, stderr]).toEqual([3, expect.stringContaining(folder.environment.SIGNALBOX_DATA_DIR)]);
    expect((await chat(url, {})).status).toBe(200);
  });
});

describe("being stopped", () => {
  test("SIGTERM: streams under way finish, new connections are refused, exit code 0", async () => {
    using folder = prepared(configuration());
    await using process = start(folder);
    const url = await process.url();
    emulator.faults.add({ name: "stall-after-tokens", parameters: { tokens: "5", ms: "700" } });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => chat(url, { stream: true, ...says("[[tokens=40]]") })),
    );
    process.signal("SIGTERM");
    await eventually(() =>
      fetch(`${url}/livez`).then(
        () => false,
        () => true,
      ),
    );
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    for (const text of texts) expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(await process.exitCode()).toBe(0);
  });

  test("kill -9 under load: the next start is clean and reads the log", async () => {
    using folder = prepared(configuration());
    const kept = await (async () => {
      await using process = start(folder);
      const url = await process.url();
      const done = await Promise.all(Array.from({ length: 20 }, () => chat(url, says("[[tokens=10]]"))));
      await Promise.all(done.map((answer) => answer.arrayBuffer()));
      const ids = done.map((answer) => answer.headers.get("x-signalbox-request-id") ?? "");
      // What ended more than 200 ms ago is kept: here all that the log already shows.
      await eventually(async () => (await logged(url)).length >= 20);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const load = Array.from({ length: 50 }, () =>
        chat(url, { stream: true, ...says("[[fault:slow-drip]]") }),
      );
      await Promise.all(load);
      process.signal("SIGKILL");
      expect(await process.exitCode()).toBeNull();
      return ids;
    })();
    await using again = start(folder);
    const url = await again.url();
    // The start delivers what it finds in the spool.
    await eventually(async () => {
      const ids = new Set((await logged(url)).map(({ id }) => id));
      return kept.every((id) => ids.has(id));
    });
    expect((await chat(url, {})).status).toBe(200);
  });
});

async function logged(url: string): Promise<readonly { readonly id: string }[]> {
  // What the schema of this endpoint promises.
  return ((await (await fetch(`${url}/api/requests?limit=100`)).json()) as { requests: { id: string }[] })
    .requests;
}

describe("secrets", () => {
  test("stand in no log, metric, record or error, whatever goes wrong", async () => {
    using folder = prepared(configuration());
    await using process = start(folder, {
      SIGNALBOX_LOG_LEVEL: "debug",
      SIGNALBOX_ADMIN_KEY: "planted-admin-key-1",
    });
    const url = await process.url();
    const admin = { authorization: "Bearer planted-admin-key-1" };
    const content = "planted-prompt [[say:planted-answer]]";
    const seen: string[] = [];
    const ask = async (answer: Promise<Response>) => {
      const response = await answer;
      const text = await response.text().catch(() => "broken off");
      seen.push(JSON.stringify([...response.headers]));
      if (!response.ok) seen.push(text);
    };
    // Each at a model of its own, since what befalls one keeps it from being asked; the credential's comes last.
    const faults = {
      "gemini-3.8-flash": "500",
      "gemini-3.7-flash": "429-day",
      "gemini-3.6-flash": "html-200",
      "gemini-3.5-flash": "cut-after-tokens=1",
      "gemini-3.1-flash-lite": "malformed-frame=1",
      "gemini-3.1-pro-preview": "error-frame=1",
      "gemini-4-hydrogen": "empty-answer",
      "gemini-4-carbon": "401",
    };
    for (const stream of [false, true]) await ask(chat(url, { stream, ...says(content) }, admin));
    for (const [model, fault] of Object.entries(faults)) {
      for (const stream of [false, true])
        await ask(chat(url, { model, stream, ...says(`${content} [[fault:${fault}]]`) }, admin));
    }
    const headers = { "content-type": "application/json" };
    const gemini = `${url}/v1beta/models/chat:generateContent?key=planted-query-key`;
    await ask(
      fetch(gemini, {
        method: "POST",
        headers,
        body: JSON.stringify({ contents: [{ parts: [{ text: content }] }] }),
      }),
    );
    await ask(fetch(`${url}/v1/models`, { headers: { authorization: "Bearer planted-wrong-key" } }));
    await ask(
      fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { ...headers, ...admin },
        body: '{"planted-json"',
      }),
    );
    await ask(chat(url, { temperature: "planted-number", tools: "planted-tools" }, admin));
    await ask(chat(url, {}, { ...admin, "x-signalbox-tags": "planted-tag" }));
    await ask(
      fetch(`${url}/api/keys?key=planted-query-key`, {
        method: "POST",
        headers: { ...headers, ...admin },
        body: '{"planted-json"',
      }),
    );
    await rawExchange(
      url,
      rawRequest("GET /planted-path?key=planted-query-key", { "x-planted-header": "planted" }),
    );
    await rawExchange(url, "planted-garbage\r\n\r\n");
    await eventually(async () => {
      const response = await fetch(`${url}/api/requests?limit=100`, { headers: admin });
      const text = await response.text();
      seen.push(text);
      return JSON.parse(text).requests.length >= 20;
    });
    for (const path of ["/metrics", "/api/configuration", "/api/deployments", "/openapi.json"])
      seen.push(await (await fetch(url + path, { headers: admin })).text());
    process.signal("SIGTERM");
    expect(await process.exitCode()).toBe(0);
    for (const text of [...seen, process.stderr])
      expect(text.match(/.{0,80}planted(?!-path).{0,40}/g) ?? []).toEqual([]);
  });
});

describe("clients in the way", () => {
  /** Resident memory, MB. */
  const memoryMb = (pid: number) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

  test.skipIf(process.platform !== "linux")(
    "that never read hold little memory, and everyone else is served",
    async () => {
      using folder = prepared(configuration());
      await using process = start(folder);
      const url = await process.url();
      await (await chat(url, {})).arrayBuffer();
      const before = memoryMb(process.pid);
      const { port, hostname } = new URL(url);
      const body = JSON.stringify({
        model: "passing",
        stream: true,
        messages: [{ role: "user", content: "[[tokens=30000]] [[frame-tokens=1]]" }],
      });
      const readers = await Promise.all(
        Array.from(
          { length: 50 },
          () =>
            new Promise<Socket>((resolve) => {
              const socket = connect(Number(port), hostname, () => {
                socket.write(
                  rawRequest("POST /v1/chat/completions", { "content-type": "application/json" }, body),
                );
                resolve(socket);
              });
              socket.on("error", () => undefined);
            }),
        ),
      );
      await eventually(() => inFlight(url).then((count) => count > 50));
      expect((await chat(url, {})).status).toBe(200);
      expect(memoryMb(process.pid) - before).toBeLessThan(150);
      for (const socket of readers) socket.destroy();
      await eventually(async () => (await inFlight(url)) <= 1);
    },
    // A million frames go through emulator and gateway until every buffer is full: seconds, more where others work too.
    120_000,
  );

  async function inFlight(url: string): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^signalbox_\w*in_flight\w*(?:\{[^}]*\})? (\d+)$/m.exec(text)?.[1]);
  }

  test("five hundred streams at once are all whole", async () => {
    using folder = prepared(configuration());
    await using process = start(folder);
    const url = await process.url();
    const texts = await Promise.all(
      Array.from({ length: 500 }, async () =>
        (await chat(url, { stream: true, ...says("[[tokens=20]]") })).text(),
      ),
    );
    for (const text of texts) expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });
});
