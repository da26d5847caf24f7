import { afterAll, beforeAll, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type LoggedRequest, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
variants:
  chat-flash: { pool: [flash] }
  chat-lite: { pool: [lite] }
routes: { chat: { strategy: { use: chat-flash }, fallbacks: [chat-lite] } }
experiments:
  lite-shadow:
    mode: shadow
    route: chat
    sample: 100%
    budget: { usd_per_day: 5 }
    variants: [chat-flash, chat-lite]
    primary: { cost_per_request: { minimum_effect: -5% } }
    minimum: { units: 10, days: 0 }
`;

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
  expect((await box.post("/api/experiments/lite-shadow/start", {})).status).toBe(200);
});

afterAll(() => box.close());

async function asked(conversation: string, { stream = false, says = "hello" } = {}): Promise<Response> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-conversation": conversation },
    body: JSON.stringify({ model: "chat", stream, messages: [{ role: "user", content: says }] }),
  });
  await response.arrayBuffer();
  return response;
}

async function got(path: string): Promise<JsonObject> {
  const answer: unknown = await (await fetch(box.url + path)).json();
  return isJsonObject(answer) ? answer : {};
}

function shadowOf({ decision }: LoggedRequest): JsonObject | undefined {
  const shadow = isJsonObject(decision) ? decision["shadow_of"] : undefined;
  return isJsonObject(shadow) ? shadow : undefined;
}

test("a list of experiments says how they compare", async () => {
  const { out, status } = await runSignalbox(box.url, "experiment", "list");
  expect(status).toBe(0);
  expect(out).toMatch(/^lite-shadow +running +phase 1 +shadow chat: chat-flash, chat-lite /);
});

test("an explanation says who would answer once more", async () => {
  const explained = await box.post("/api/routes/chat/explain", {
    request: { messages: [{ role: "user", content: "hello" }] },
  });
  expect(await explained.json()).toMatchObject({
    variant: "chat-flash",
    experiment: null,
    shadow: { experiment: "lite-shadow", phase: 1, variant: "chat-lite" },
  });
});

test("another variant answers what clients asked, off-line, and both answers are compared", async () => {
  for (let at = 0; at < 24; at++) {
    const response = await asked(`c${at % 12}`, { stream: at % 2 === 0, says: `[[tokens=${20 + at}]]` });
    const header = (name: string) => response.headers.get(`x-signalbox-${name}`);
    expect(response.status).toBe(200);
    expect([header("variant"), header("experiment"), header("shadow")]).toEqual([
      "chat-flash",
      null,
      "lite-shadow@1",
    ]);
  }
  await box.eventually(async () => (await box.requests()).length === 48);
  const logged = await box.requests();
  const own = logged.filter(({ route }) => route === "chat");
  const shadows = logged.filter(({ route }) => route === "shadow:lite-shadow");
  expect([own.length, shadows.length]).toEqual([24, 24]);
  expect(new Set(shadows.map(({ variant, outcome }) => `${String(variant)} ${String(outcome)}`))).toEqual(
    new Set(["chat-lite completed"]),
  );
  const marks = await Promise.all(shadows.map(async ({ id }) => shadowOf(await box.request(id))));
  expect(new Set(marks.map((mark) => mark?.["request_id"]))).toEqual(new Set(own.map(({ id }) => id)));
  for (const mark of marks)
    expect(mark).toMatchObject({ kind: "shadow", experiment: "lite-shadow", phase: 1 });

  let results: JsonObject = {};
  await box.eventually(async () => {
    results = await got("/api/experiments/lite-shadow/results");
    return JSON.stringify(results).includes('"verdict"') && !JSON.stringify(results).includes("has 0 units");
  });
  expect(results).toMatchObject({ experiment: "lite-shadow", phase: 1 });
  const { out } = await runSignalbox(box.url, "experiment", "results", "lite-shadow");
  expect(out).toContain("Ship chat-lite");
  expect(out).toContain("cost_per_request");
});

test("a treatment that fails is no concern of clients, and counts against itself", async () => {
  box.addFault({ fault: "400", model: "gemini-3.5-flash-lite", count: 3 });
  for (let at = 0; at < 3; at++) {
    const response = await asked(`failing-${at}`);
    expect([response.status, response.headers.get("x-signalbox-degraded")]).toEqual([200, null]);
  }
  await box.eventually(async () => {
    const { out } = await runSignalbox(box.url, "experiment", "results", "lite-shadow");
    return (
      /error_rate +secondary +chat-lite +11\.1 %/.test(out) &&
      /error_rate +secondary +chat-flash +0 %/.test(out)
    );
  });
  // The route's totals are its clients' alone, and what second answers cost stands by itself.
  await box.eventually(async () => {
    const { totals } = await got(
      "/api/requests/totals?by=route&from=2026-01-01T00:00:00Z&to=2027-06-01T00:00:00Z",
    );
    const byRoute = Array.isArray(totals) ? totals.filter(isJsonObject) : [];
    const told = byRoute.map(({ route, requests }) => JSON.stringify([route, requests]));
    return told.toSorted().join() === '["chat",27],["shadow:lite-shadow",27]';
  });
});
