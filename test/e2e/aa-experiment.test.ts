import { afterAll, beforeAll, expect, test } from "vitest";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments: { lite: { provider: google, model: gemini-3.5-flash-lite } }
variants: { chat-lite: { pool: [lite] } }
routes: { chat: { strategy: { use: chat-lite } } }
experiments:
  same:
    mode: aa
    route: chat
    variants: [chat-lite]
    primary: output_tokens
    minimum: { units: 10, days: 0 }
`;

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
  expect((await box.post("/api/experiments/same/start", {})).status).toBe(200);
});

afterAll(() => box.close());

test("one variant under two names is shared out evenly, and its results say what they test", async () => {
  const variants: string[] = [];
  for (let at = 0; at < 60; at++) {
    const response = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-signalbox-conversation": `c${at}` },
      body: JSON.stringify({
        model: "chat",
        messages: [{ role: "user", content: `[[tokens=${10 + (at % 9)}]]` }],
      }),
    });
    await response.arrayBuffer();
    expect(response.status).toBe(200);
    variants.push(String(response.headers.get("x-signalbox-variant")));
  }
  const twins = variants.filter((variant) => variant === "chat-lite.twin").length;
  expect(new Set(variants)).toEqual(new Set(["chat-lite", "chat-lite.twin"]));
  await box.eventually(async () => {
    const { out } = await runSignalbox(box.url, "experiment", "results", "same");
    return (
      out.includes(`Both variants are chat-lite`) && out.includes(`(${60 - twins} and ${twins} units (p = `)
    );
  });
});
