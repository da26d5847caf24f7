import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
deployments:
  tight: { provider: google, model: gemini-3.7-flash, limits: { rpm: 4 } }
  wide: { provider: google, model: gemini-3.7-flash, limits: { rpm: 16 } }
variants:
  flash: { pool: [gemini-3.8-flash] }
  lite: { pool: [gemini-3.5-flash-lite] }
  slow: { pool: [gemini-3.6-flash] }
  swift: { pool: [gemini-3.1-flash-lite] }
  tight: { pool: [tight] }
  wide: { pool: [wide] }
routes:
  quick: { strategy: { fastest: [slow, swift] } }
  roomy: { strategy: { headroom: [tight, wide] } }
  chat:
    strategy:
      first_match:
        - { when: { headers.x-team: search }, use: lite }
        - { when: { code: true }, use: flash }
        - { use: { round_robin: [flash, lite] } }
`;

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
});

afterAll(() => box.close());

const messages = (content: string) => ({ messages: [{ role: "user", content }] });

async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(box.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  // What an endpoint of ours answers to a test; each expectation looks at what it needs.
  return { response, body: (await response.json()) as Record<string, unknown> };
}

const explained = (body: unknown) => post("/api/routes/chat/explain", body);

/** How likely each variant of a route is for a plain request at this moment. */
async function probabilities(route: string): Promise<Readonly<Record<string, number>>> {
  const { body } = await post(`/api/routes/${route}/explain`, { request: messages("hi") });
  // What the schema of this endpoint promises.
  const candidates = body["candidates"] as readonly { variant: string; probability: number }[];
  return Object.fromEntries(candidates.map(({ variant, probability }) => [variant, probability]));
}

async function served(content: string, headers: Readonly<Record<string, string>> = {}) {
  const { response } = await post("/v1/chat/completions", { model: "chat", ...messages(content) }, headers);
  return response.headers;
}

test("a request is explained without being served, and served as it was explained", async () => {
  const { response, body } = await explained({ request: messages("Write a Python function."), draw: 0.25 });
  expect(response.status).toBe(200);
  expect(body).toMatchObject({
    variant: "flash",
    propensity: 1,
    draw: 0.25,
    ladder: ["gemini-3.8-flash"],
    facts: { code: true, language: "en" },
    strategy: { keyword: "first_match", scores: [{ holds: false }, { holds: true }, { holds: true }] },
  });
  expect(box.ledger()).toHaveLength(0);
  expect((await served("Write a Python function.")).get("x-signalbox-variant")).toBe("flash");
});

test("conditions look at headers, asked or served", async () => {
  const { body } = await explained({ request: messages("Hello"), headers: { "X-Team": "search" } });
  expect(body["variant"]).toBe("lite");
  expect((await served("Hello", { "x-team": "search" })).get("x-signalbox-variant")).toBe("lite");
});

test("those in turn take turns, and explaining takes none", async () => {
  const variants: (string | null)[] = [];
  for (let turn = 0; turn < 4; turn++) {
    const { body } = await explained({ request: messages("Hello") });
    const headers = await served("Hello");
    expect(headers.get("x-signalbox-variant")).toBe(body["variant"]);
    variants.push(headers.get("x-signalbox-variant"));
  }
  expect(variants).toEqual(["flash", "lite", "flash", "lite"]);
});

test("a decision is told by the request's id, with the probability that was served", async () => {
  const id = (await served("Hello")).get("x-signalbox-request-id") ?? "";
  await box.request(id);
  const response = await fetch(`${box.url}/api/decisions/${id}`);
  expect(await response.json()).toMatchObject({
    id,
    decision: { route: "chat", strategy: "first_match", propensity: 0.5 },
    attempts: [{ attempt: 1 }],
  });
});

test("what cannot be explained is refused in words", async () => {
  const unknown = await post("/api/routes/chta/explain", { request: messages("Hello") });
  expect(unknown.response.status).toBe(404);
  expect(unknown.body["detail"]).toContain('did you mean "chat"');
  const unread = await explained({ request: { messages: "Hello" } });
  expect(unread.response.status).toBe(400);
  const missing = await fetch(`${box.url}/api/decisions/01aaaaaaaaaaaaaaaaaaaaaaaa`);
  expect([400, 404]).toContain(missing.status);
});

test("the fastest is the one whose answers came soonest, all alike before there were any", async () => {
  expect(await probabilities("quick")).toEqual({ slow: 0.5, swift: 0.5 });
  // Seconds apart, so that no pause of a busy machine makes the swift one the slower.
  const slowly = "[[tokens=20]] [[fault:slow-drip=200 ms=600 model=gemini-3.6-flash]]";
  for (const model of ["gemini-3.6-flash", "gemini-3.1-flash-lite"]) {
    const { response } = await post("/v1/chat/completions", { model, ...messages(slowly) });
    expect(response.status).toBe(200);
  }
  const { slow = 1, swift = 0 } = await probabilities("quick");
  expect(swift).toBeCloseTo(0.95);
  expect(slow).toBeCloseTo(0.05);
});

test("headroom goes by what is left of the minute's limits", async () => {
  expect(await probabilities("roomy")).toEqual({ tight: 0.2, wide: 0.8 });
  for (let count = 0; count < 4; count++)
    await post("/v1/chat/completions", { model: "tight", ...messages("[[tokens=5]]") });
  expect((await probabilities("roomy"))["wide"]).toBe(1);
});
