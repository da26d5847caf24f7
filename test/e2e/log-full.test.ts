import { expect, test } from "vitest";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

function ask({ url }: TestSignalbox, path = "/v1/chat/completions", body: unknown = chat): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

const chat = { model: "chat", messages: [{ role: "user", content: "Say hello" }] };
const gemini = { contents: [{ role: "user", parts: [{ text: "Say hello" }] }] };

async function isReady({ url }: TestSignalbox): Promise<boolean> {
  return (await fetch(`${url}/readyz`)).ok;
}

test("a full log refuses new requests in every dialect before any provider is called, and readiness says why", async () => {
  await using signalbox = await startTestSignalbox({ spoolBytesMax: 1 });
  expect(await isReady(signalbox)).toBe(true);
  expect((await ask(signalbox)).status).toBe(200);
  await signalbox.eventually(async () => !(await isReady(signalbox)));
  const served = signalbox.ledger().length;
  const refused = await ask(signalbox);
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("10");
  expect(await refused.json()).toMatchObject({ error: { code: "log_full", type: "server_error" } });
  const inGemini = await ask(signalbox, "/v1beta/models/gemini-3.8-flash:generateContent", gemini);
  expect(inGemini.status).toBe(503);
  expect(await inGemini.json()).toMatchObject({ error: { code: 503, status: "UNAVAILABLE" } });
  const chain = await ask(signalbox, "/v1/chains/summarise/invoke", { input: { text: "One. Two." } });
  expect(chain.status).toBe(503);
  expect(await chain.json()).toMatchObject({ code: "log-full" });
  expect(signalbox.ledger()).toHaveLength(served);
  expect(await (await fetch(`${signalbox.url}/readyz`)).json()).toMatchObject({
    status: "not-ready",
    checks: expect.arrayContaining([{ name: "request-log", ok: false, detail: "the spool is full" }]),
  });
  expect(await (await fetch(`${signalbox.url}/metrics`)).text()).toContain("\nsignalbox_log_full 1\n");
  // What answers from memory is answered.
  expect((await fetch(`${signalbox.url}/v1/models`)).status).toBe(200);
});

test("where the configuration says so a full log serves on", async () => {
  const configuration = `${testConfiguration}\nlog: { when_full: serve }\n`;
  await using signalbox = await startTestSignalbox({ spoolBytesMax: 1, configuration });
  const full = async (): Promise<boolean> =>
    (await (await fetch(`${signalbox.url}/metrics`)).text()).includes("\nsignalbox_log_full 1\n");
  expect((await ask(signalbox)).status).toBe(200);
  await signalbox.eventually(full);
  expect((await ask(signalbox)).status).toBe(200);
  expect(await isReady(signalbox)).toBe(true);
});

test("a configuration that is applied decides what a full log does from then on", async () => {
  await using signalbox = await startTestSignalbox({ spoolBytesMax: 1 });
  expect((await ask(signalbox)).status).toBe(200);
  await signalbox.eventually(async () => !(await isReady(signalbox)));
  expect((await ask(signalbox)).status).toBe(503);
  const text = `${testConfiguration.replaceAll("EMULATOR", signalbox.emulatorUrl)}\nlog: { when_full: serve }\n`;
  expect((await ask(signalbox, "/api/configuration/apply", { text })).status).toBe(200);
  expect((await ask(signalbox)).status).toBe(200);
  expect((await ask(signalbox, "/api/configuration/rollback", { to: "1" })).status).toBe(200);
  expect((await ask(signalbox)).status).toBe(503);
});
