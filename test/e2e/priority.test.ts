import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** A deployment that takes one request at a time, and a route of each class over it. */
const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
deployments:
  narrow: { provider: google, model: gemini-3.8-flash, limits: { concurrency: 1 } }
variants:
  main: { pool: [narrow] }
routes:
  high: { strategy: { use: main }, priority: high }
  normal: { strategy: { use: main } }
  low: { strategy: { use: main }, priority: low }
`;

/** An answer that takes half a second: time enough for three more requests to come in. */
const longAnswer = "[[say:one two three four five six]] [[fault:slow-drip=4096 ms=500]]";

let box: TestSignalbox;
beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
});
afterAll(() => box.close());

function ask(model: string, content: string, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });
}

/** Begins a request that has the only place for half a second. */
async function occupied(): Promise<{ readonly answer: Promise<Response> }> {
  const answer = ask("normal", longAnswer);
  await box.eventually(async () => {
    const response = await fetch(`${box.url}/api/deployments/narrow`);
    // The schema of this endpoint promises it.
    const { health } = (await response.json()) as { readonly health: { readonly in_flight: number } };
    return health.in_flight === 1;
  });
  return { answer };
}

test("of those who wait the most important go first, whenever they came; all are served", async () => {
  const { answer: first } = await occupied();
  const served: string[] = [];
  const waiting = ["low", "normal", "high"].map(async (route) => {
    const response = await ask(route, "hello");
    served.push(route);
    expect(response.status).toBe(200);
  });
  await Promise.all(waiting);
  expect((await first).status).toBe(200);
  expect(served).toEqual(["high", "normal", "low"]);
});

test("who cannot wait so long is refused, and told when to come again", async () => {
  const { answer: first } = await occupied();
  const response = await ask("low", "hello", { "x-signalbox-deadline-ms": "50" });
  expect(response.status).toBe(503);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  expect((await first).status).toBe(200);
});
