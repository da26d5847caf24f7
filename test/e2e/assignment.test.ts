import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
variants:
  calm: { pool: [gemini-3.8-flash] }
  lively: { pool: [gemini-3.5-flash-lite] }
routes:
  chat: { strategy: { use: calm } }
experiments:
  tone: { route: chat, incumbent: calm, unit: user, variants: { calm: 50%, lively: 50% } }
`;

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
  expect((await box.post("/api/experiments/tone/start", {})).status).toBe(200);
});

afterAll(() => box.close());

const messages = [{ role: "user", content: "hello" }];

async function served(headers: Readonly<Record<string, string>>, body: object = {}) {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "chat", messages, ...body }),
  });
  await response.arrayBuffer();
  const header = (name: string) => response.headers.get(`x-signalbox-${name}`);
  return {
    variant: header("variant"),
    experiment: header("experiment"),
    id: header("request-id") ?? "",
  };
}

async function told(path: string): Promise<unknown> {
  return (await fetch(box.url + path)).json();
}

test("a unit is served as it is explained, by one variant, whichever way it is named", async () => {
  const variants = new Set<string | null>();
  for (let number = 0; number < 8; number++) {
    const unit = `customer-${number}`;
    const explained: unknown = await (
      await box.post("/api/routes/chat/explain", { request: { messages }, unit })
    ).json();
    const byHeader = await served({ "x-signalbox-unit": unit });
    const byBody = await served({}, { user: unit });
    expect(explained).toMatchObject({
      variant: byHeader.variant,
      propensity: 0.5,
      experiment: { name: "tone", phase: 1, variant: byHeader.variant, stable: true, outside: null },
    });
    expect(byBody).toMatchObject({ variant: byHeader.variant, experiment: "tone@1" });
    variants.add(byHeader.variant);
  }
  expect(variants).toEqual(new Set(["calm", "lively"]));
});

test("the log keeps what was assigned, the unit as it is known elsewhere, and finds it by the experiment", async () => {
  const { id, variant } = await served({ "x-signalbox-unit": "ann" });
  const logged = await box.request(id);
  expect(logged).toMatchObject({
    decision: {
      variant,
      propensity: 0.5,
      experiment: { name: "tone", variant, propensity: 0.5, stable: true, unit: expect.any(String) },
    },
  });
  const { unit } = logged as { readonly unit?: { readonly id: string } };
  expect(logged).toMatchObject({ decision: { experiment: { unit: unit?.id } } });
  expect(JSON.stringify(logged)).not.toContain('"ann"');
  expect(await told("/api/requests?experiment=tone&limit=1")).toMatchObject({ requests: [{ id }] });
  expect(await told("/api/requests?experiment=other")).toMatchObject({ requests: [] });
});

test("a request without a unit is one by itself; embeddings and counts of tokens take no part", async () => {
  const { id } = await served({});
  expect(await box.request(id)).toMatchObject({ decision: { experiment: { stable: false } } });
  const counted = await fetch(`${box.url}/v1beta/models/chat:countTokens`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-unit": "ann" },
    body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "hello" }] }] }),
  });
  expect(counted.status).toBe(200);
  expect(counted.headers.get("x-signalbox-experiment")).toBeNull();
});

test("what people hold back moves nobody: the incumbent answers for the assigned variant", async () => {
  let name = "";
  for (let number = 0; name === ""; number++) {
    const unit = `held-${number}`;
    if ((await served({ "x-signalbox-unit": unit })).variant === "lively") name = unit;
  }
  const held = await box.post("/api/deployments/gemini-3.5-flash-lite/drain", {});
  expect(held.status).toBe(200);
  const { id, variant, experiment } = await served({ "x-signalbox-unit": name });
  expect({ variant, experiment }).toEqual({ variant: "calm", experiment: "tone@1" });
  expect(await box.request(id)).toMatchObject({
    degraded: "fallback",
    decision: { variant: "lively", experiment: { variant: "lively" } },
  });
});
