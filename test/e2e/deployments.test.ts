import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { ask, begin, SteadyClients } from "../support/steady-clients.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Two deployments of one model, and one of another that stands in for both. */
const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
deployments:
  one: { provider: google, model: gemini-3.8-flash }
  two: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
  off: { provider: google, model: gemini-3.5-flash-lite, enabled: false }
  old: { provider: google, model: gemini-2.5-flash, replace_ended: true }
  ending: { provider: google, model: gemini-2.5-flash }
variants:
  chat-flash: { pool: [one, two] }
  chat-lite: { pool: [lite] }
routes:
  chat: { strategy: { use: chat-flash }, fallbacks: [chat-lite] }
`;

/** Long enough that many requests are under way whenever something changes. */
const latency = Object.fromEntries(
  ["gemini-3.8-flash", "gemini-3.5-flash-lite"].map((model) => [
    model,
    { firstTokenMsMedian: 20, firstTokenSigma: 0.1, tokensPerSecondMedian: 5_000, tokensPerSecondSigma: 0.1 },
  ]),
);

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ configuration, latency });
});

afterAll(() => box.close());

interface Reply {
  readonly status: number;
  readonly body: JsonObject;
}

async function call(method: string, path: string, body?: unknown): Promise<Reply> {
  const response = await fetch(`${box.url}/api/deployments${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, body: isJsonObject(answer) ? answer : {} };
}

async function stateOf(name: string): Promise<unknown> {
  return (await call("GET", `/${name}`)).body["state"];
}

/** One version of the configuration, as somebody edits it. */
function written({ two = "", added = "" }: { readonly two?: string; readonly added?: string }): string {
  const strategy = added === "" ? "use: chat-flash" : `weighted: { chat-flash: 70%, ${added}: 30% }`;
  return configuration
    .replace(
      "two: { provider: google, model: gemini-3.8-flash }",
      `two: { provider: google, model: gemini-3.8-flash${two} }`,
    )
    .replace(
      "variants:\n",
      added === ""
        ? "variants:\n"
        : `  ${added}: { provider: google, model: gemini-3.8-flash }\nvariants:\n  ${added}: { pool: [${added}] }\n`,
    )
    .replace("use: chat-flash", strategy);
}

/** The ways in which people change deployments: each adds one with a share, and does the rest with `two`. */
interface Way {
  readonly add: (name: string) => Promise<void>;
  readonly weigh: () => Promise<void>;
  readonly drain: () => Promise<void>;
  readonly disable: () => Promise<void>;
  readonly enable: () => Promise<void>;
}

async function succeeds(reply: Promise<Reply>): Promise<void> {
  expect((await reply).status).toBeLessThan(300);
}

const calls: Way = {
  async add(name) {
    const route = { name: "chat", share: "30%" };
    await succeeds(call("POST", "", { model: "gemini-3.8-flash", provider: "google", name, route }));
    await box.eventually(async () => (await stateOf(name)) === "ready");
  },
  weigh: () => succeeds(call("PATCH", "/two", { weight: 0.001 })),
  drain: () => succeeds(call("POST", "/two/drain", { why: "maintenance" })),
  disable: () => succeeds(call("POST", "/two/disable", {})),
  enable: () => succeeds(call("POST", "/two/enable", {})),
};

async function command(...words: readonly string[]): Promise<void> {
  expect(await runSignalbox(box.url, ...words)).toMatchObject({ status: 0, err: "" });
}

const commands: Way = {
  add: (name) =>
    command(
      "deploy",
      "gemini-3.8-flash",
      "--provider",
      "google",
      "--name",
      name,
      "--route",
      "chat",
      "--share",
      "30%",
    ),
  weigh: () => command("deployments", "weight", "two", "0.001"),
  drain: () => command("deployments", "drain", "two", "--why", "maintenance"),
  disable: () => command("deployments", "disable", "two"),
  enable: () => command("deployments", "enable", "two"),
};

async function applied(text: string): Promise<void> {
  const response = await fetch(`${box.url}/api/configuration/apply`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
}

/** Another version of the configuration each time, which keeps what the one before brought. */
function reloads(): Way {
  let added = "";
  const apply = (two: string): Promise<void> => applied(written({ two, added }));
  return {
    add: (name) => apply(((added = name), "")),
    weigh: () => apply(", weight: 0.001"),
    drain: () => apply(", enabled: false"),
    disable: () => apply(", weight: 0.001, enabled: false"),
    enable: () => apply(""),
  };
}

describe("under load", () => {
  test.each<{ by: string; way: () => Way }>([
    { by: "reload of the configuration", way: reloads },
    { by: "API", way: () => calls },
    { by: "CLI", way: () => commands },
  ])(
    "adding, weighing, draining, disabling and enabling by $by fails not one request",
    async ({ by, way }) => {
      await applied(configuration);
      const { add, weigh, drain, disable, enable } = way();
      const name = `added-by-${by.slice(0, 3)}`;
      await using clients = new SteadyClients(box.url, 12);
      /** A long stream of the deployment is under way while it is changed, and comes whole. */
      const changed = async (deployment: string, change: () => Promise<void>): Promise<void> => {
        const stream = await begin(box.url, { stream: true, model: deployment, content: "[[tokens=600]]" });
        const beganAt = performance.now();
        await change();
        const { failure, endedAt, ...asked } = await stream.ended;
        expect([failure, asked.deployment]).toEqual([undefined, deployment]);
        expect(endedAt).toBeGreaterThan(beganAt);
      };
      await box.eventually(async () => new Set(await clients.next(20)).isSupersetOf(new Set(["one", "two"])));

      await changed("one", () => add(name));
      await box.eventually(async () => (await clients.next(20)).includes(name));

      await changed("two", weigh);
      const weighed = await clients.next(60);
      const count = (wanted: string) => weighed.filter((deployment) => deployment === wanted).length;
      // With nothing under way it is asked all the same: one request of those that wait at a time.
      expect(count("one")).toBeGreaterThan(1.5 * count("two"));
      await changed("one", enable);
      await succeeds(call("PATCH", "/two", { weight: null }));
      await box.eventually(async () => (await clients.next(20)).includes("two"));

      await changed("two", drain);
      expect(await clients.next(20)).not.toContain("two");
      await changed("one", enable);
      await box.eventually(async () => (await clients.next(20)).includes("two"));
      await changed("two", disable);
      expect(await clients.next(20)).not.toContain("two");
      await enable();

      await clients.stop();
      expect(clients.failures).toEqual([]);
    },
    60_000,
  );

  test("where a deployment is the last of its variant, the fallback takes everything until it is back", async () => {
    await applied(configuration);
    await using clients = new SteadyClients(box.url, 8);
    await call("POST", "/one/disable", {});
    await call("POST", "/two/drain", {});
    await box.eventually(async () => (await stateOf("two")) === "drained");
    expect((await call("GET", "/two")).body).toMatchObject({ changed_by: "signalbox", under_way: 0 });
    expect(new Set(await clients.next(30))).toEqual(new Set(["lite"]));
    for (const name of ["one", "two"])
      expect((await call("POST", `/${name}/enable`, {})).body).toMatchObject({
        state: "ready",
        usable: true,
      });
    await box.eventually(async () => (await clients.next(20)).includes("two"));
    await clients.stop();
    expect(clients.failures).toEqual([]);
  }, 60_000);

  test("a decision says what was left out and why, and on which change of the status it was taken", async () => {
    const { body: former } = await call("POST", "/one/disable", { why: "too dear" });
    await call("POST", "/two/disable", {});
    const { deployment, id } = await ask(box.url, { stream: false });
    expect(deployment).toBe("lite");
    const request = await box.request(id);
    expect(request["decision"]).toMatchObject({
      candidates: [
        { variant: "chat-flash", probability: 0, excluded: expect.stringMatching(/^one is disabled since /) },
        { variant: "chat-lite" },
      ],
      snapshot: { status_epoch: Number(former["epoch"]) + 1 },
    });
    const inForce: unknown = await (await fetch(`${box.url}/api/configuration`)).json();
    expect(inForce).toMatchObject({ status_epoch: Number(former["epoch"]) + 1 });
    await call("POST", "/one/enable", {});
    await call("POST", "/two/enable", {});
  });
});

describe("what the configuration says", () => {
  test("takes a deployment out of service, and then no call enables it", async () => {
    expect((await call("GET", "/off")).body).toMatchObject({
      state: "disabled",
      why: "disabled in the configuration",
      usable: false,
    });
    expect((await call("POST", "/off/enable", {})).status).toBe(409);
    const response = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "off", messages: [{ role: "user", content: "Hello" }] }),
    });
    expect(await response.text()).toContain("off is disabled in the configuration");
  });

  test("lets a model's replacement take its place when it has ended, which is told beforehand and at each request", async () => {
    const lifecycle = async (name: string) => (await call("GET", `/${name}`)).body["lifecycle"];
    expect(await lifecycle("old")).toMatchObject({
      shut_down_on: "2026-12-01",
      replacement: "gemini-3.5-flash-lite",
      warning: expect.stringMatching(/gemini-3\.5-flash-lite is asked in its place then \(replace_ended\)$/),
    });
    const now = Date.now;
    const passedMs = Date.UTC(2026, 11, 2) - now();
    vi.spyOn(Date, "now").mockImplementation(() => now() + passedMs);
    try {
      expect(await lifecycle("old")).toMatchObject({
        state: "shut-down",
        warning:
          "gemini-2.5-flash was shut down on 2026-12-01; gemini-3.5-flash-lite is asked in its place (replace_ended)",
      });
      const replaced = await ask(box.url, { stream: true, model: "old" });
      expect(replaced).toMatchObject({ deployment: "old" });
      expect(replaced.failure).toBeUndefined();
      const ended = await ask(box.url, { stream: false, model: "ending" });
      expect(ended.failure).toContain("gemini-2.5-flash was shut down on 2026-12-01");
      expect(await box.request(replaced.id)).toMatchObject({
        decision: { warnings: [{ code: "replaced-model" }] },
        attempts: [{ model: "gemini-3.5-flash-lite", outcome: "completed" }],
      });
    } finally {
      vi.restoreAllMocks();
    }
  });
});
