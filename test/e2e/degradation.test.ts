import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
variants:
  main: { pool: [flash] }
  small: { pool: [lite] }
routes:
  chat:
    strategy: { use: main }
    fallbacks: [{ use: small, max_output_tokens: 7 }]
    kept_answers: { max_age: 1h, shared: true }
`;

let signalbox: TestSignalbox;
beforeAll(async () => void (signalbox = await startTestSignalbox({ configuration })));
afterAll(() => signalbox.close());

const messages = [{ role: "user" as const, content: "Why was I charged twice?" }];

function openai() {
  return new OpenAI({ apiKey: "any", baseURL: `${signalbox.url}/v1`, maxRetries: 0 });
}

test("the ladder is gone down step by step: shorter, then kept, in both dialects, whole and as a stream", async () => {
  const first = await openai().chat.completions.create({ model: "chat", messages });
  const words = first.choices[0]?.message.content ?? "";
  expect(words).not.toBe("");

  signalbox.addFault({ fault: "429-day", model: "gemini-3.8-flash" });
  const shorter = await openai()
    .chat.completions.create({ model: "chat", messages: [{ role: "user", content: "Another question" }] })
    .withResponse();
  expect(shorter.response.headers.get("x-signalbox-degraded")).toBe("shorter");
  expect(shorter.data.usage?.completion_tokens).toBeLessThanOrEqual(7);

  signalbox.addFault({ fault: "429-day", model: "gemini-3.5-flash-lite" });
  const kept = await openai().chat.completions.create({ model: "chat", messages }).withResponse();
  expect(kept.data.choices[0]?.message.content).toBe(words);
  expect(kept.response.headers.get("x-signalbox-degraded")).toBe("cached");
  expect(kept.response.headers.get("x-signalbox-cache")).toBe("stale");
  expect(Number(kept.response.headers.get("age"))).toBeLessThan(60);

  const streamed = await openai().chat.completions.create({ model: "chat", messages, stream: true });
  let text = "";
  for await (const chunk of streamed) text += chunk.choices[0]?.delta.content ?? "";
  expect(text).toBe(words);

  const google = new GoogleGenAI({ apiKey: "any", httpOptions: { baseUrl: signalbox.url } });
  const contents = "Why was I charged twice?";
  expect((await google.models.generateContent({ model: "chat", contents })).text).toBe(words);
  let streamedByGoogle = "";
  for await (const chunk of await google.models.generateContentStream({ model: "chat", contents })) {
    streamedByGoogle += chunk.text ?? "";
  }
  expect(streamedByGoogle).toBe(words);

  const refused = await fetch(`${signalbox.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-cache": "off" },
    body: JSON.stringify({ model: "chat", messages }),
  });
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);

  const id = kept.response.headers.get("x-signalbox-request-id") ?? "";
  await signalbox.eventually(async () => (await signalbox.requests()).some((one) => one.id === id));
  const logged = await signalbox.request(id);
  expect(logged).toMatchObject({
    outcome: "completed",
    status: 200,
    degraded: "cached",
    emulated: true,
    decision: { degraded: "cached" },
  });
  const metrics = await (await fetch(`${signalbox.url}/metrics`)).text();
  expect(metrics).toMatch(/signalbox_degraded_total\{[^}]*step="cached"[^}]*\} 4/);
  expect(metrics).toMatch(/signalbox_degraded_total\{[^}]*step="refused"[^}]*\} 1/);
});

test("/api/routes tells what a route does about failures", async () => {
  const said: unknown = await (await fetch(`${signalbox.url}/api/routes`)).json();
  expect(said).toMatchObject({
    routes: [
      {
        name: "chat",
        requires: {},
        resilience: {
          attempts_max: 3,
          priority: "normal",
          hedge: null,
          fallbacks: [
            { variant: "small", on: ["error", "rate_limit", "context", "budget"], max_output_tokens: 7 },
          ],
          kept_answers: { max_age_ms: 3_600_000, shared: true },
        },
      },
    ],
  });
});
