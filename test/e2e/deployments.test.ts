import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
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
    { firstTokenMsMedian: 20, firstTokenSigma: 0.1, tokensPerSecondMedian: 2_000, tokensPerSecondSigma: 0.1 },
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

let underLoad: ReturnType<typeof load> | undefined;

afterEach(() => underLoad?.stop());

async function stateOf(name: string): Promise<unknown> {
  return (await call("GET", `/${name}`)).body["state"];
}

/** Sends one request; whom it was served by, or what went wrong. */
async function ask(
  stream: boolean,
): Promise<{ readonly deployment: string; readonly failure?: string; readonly id: string }> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "chat",
      stream,
      messages: [{ role: "user", content: "Name three rivers" }],
    }),
  });
  const text = await response.text();
  const isWhole = stream ? text.endsWith("data: [DONE]\n\n") : text.endsWith("}");
  const deployment = response.headers.get("x-signalbox-deployment") ?? "";
  const id = response.headers.get("x-signalbox-request-id") ?? "";
  return response.status === 200 && isWhole
    ? { deployment, id }
    : { deployment, id, failure: `${response.status}: ${text.slice(-200)}` };
}

/** Clients that ask one request after the other until they are stopped. */
function load(clients: number) {
  const served: { deployment: string; sentAt: number; endedAt: number }[] = [];
  const failures: string[] = [];
  const stopping = new AbortController();
  const running = Promise.all(
    Array.from({ length: clients }, async (_, at) => {
      while (!stopping.signal.aborted) {
        const sentAt = performance.now();
        const { deployment, failure } = await ask(at % 2 === 0);
        served.push({ deployment, sentAt, endedAt: performance.now() });
        if (failure !== undefined) failures.push(failure);
      }
    }),
  );
  return {
    failures,
    /** Whom the requests that were sent from then on were served by, once so many have been. */
    async from(sinceAt: number, count: number): Promise<readonly string[]> {
      const since = () => served.filter(({ sentAt }) => sentAt >= sinceAt);
      await box.eventually(() => since().length >= count);
      return since().map(({ deployment }) => deployment);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

describe("under load", () => {
  test("draining, disabling, enabling and another weight give not one failed request", async () => {
    const traffic = (underLoad = load(16));
    expect(await traffic.from(0, 60)).toEqual(expect.arrayContaining(["one", "two"]));

    const drained = await call("POST", "/one/drain", { why: "maintenance" });
    expect(drained).toMatchObject({
      status: 200,
      body: { why: "maintenance", changed_by: "anyone", usable: false },
    });
    expect(await traffic.from(performance.now(), 40)).not.toContain("one");
    await box.eventually(async () => (await stateOf("one")) === "drained");
    expect((await call("GET", "/one")).body).toMatchObject({ changed_by: "signalbox", under_way: 0 });

    // The last of the pool: the fallback takes everything.
    await call("POST", "/two/disable", {});
    expect(new Set(await traffic.from(performance.now(), 40))).toEqual(new Set(["lite"]));

    expect((await call("POST", "/two/enable", {})).body).toMatchObject({ state: "ready", usable: true });
    const enabled = await traffic.from(performance.now(), 40);
    expect(enabled).toContain("two");
    expect(enabled).not.toContain("one");

    await call("POST", "/one/enable", {});
    const weighted = await call("PATCH", "/two", { weight: 0.001, why: "a smaller quota" });
    expect(weighted.body).toMatchObject({ weight: 0.001, configured_weight: 1, state: "ready" });
    const after = await traffic.from(performance.now(), 200);
    const count = (name: string) => after.filter((deployment) => deployment === name).length;
    expect(count("one")).toBeGreaterThan(4 * count("two"));

    await call("PATCH", "/two", { weight: null });
    await traffic.stop();
    expect(traffic.failures).toEqual([]);
  }, 60_000);

  test("a decision says what was left out and why, and on which change of the status it was taken", async () => {
    const { body: former } = await call("POST", "/one/disable", { why: "too dear" });
    await call("POST", "/two/disable", {});
    const { deployment, id } = await ask(false);
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

  test("lets a model's replacement take its place, which is told beforehand", async () => {
    expect((await call("GET", "/old")).body["lifecycle"]).toMatchObject({
      shut_down_on: "2026-12-01",
      replacement: "gemini-3.5-flash-lite",
      warning: expect.stringMatching(/gemini-3\.5-flash-lite is asked in its place then \(replace_ended\)$/),
    });
  });
});
