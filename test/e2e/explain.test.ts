import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
variants:
  flash: { pool: [gemini-3.8-flash] }
  lite: { pool: [gemini-3.5-flash-lite] }
routes:
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
