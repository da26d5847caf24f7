import { request } from "node:http";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Each route has deployments of its own: what one breaks is not held against another's. */
const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
  in-house: { dialect: openai-chat, base_url: "EMULATOR/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
  vllm: { provider: in-house, model: qwen3-32b, capabilities: { prefill: continue-final-message } }
  mistral: { provider: in-house, model: open-small, capabilities: { prefill: prefix } }
  flash-2: { provider: google, model: gemini-4-argon }
  lite-2: { provider: google, model: gemini-3.1-flash-lite }
  flash-3: { provider: google, model: gemini-4-carbon }
variants:
  flash: { pool: [flash] }
  lite: { pool: [lite] }
  vllm: { pool: [vllm] }
  mistral: { pool: [mistral] }
  flash-2: { pool: [flash-2] }
  flash-3: { pool: [flash-3] }
  lite-2: { pool: [lite-2] }
routes:
  to-gemini: { strategy: { use: flash }, fallbacks: [lite], resume: true }
  to-vllm: { strategy: { use: mistral }, fallbacks: [vllm], resume: true }
  to-mistral: { strategy: { use: vllm }, fallbacks: [mistral], resume: true }
  seen: { strategy: { use: flash-2 }, fallbacks: [lite-2], resume: true }
  off: { strategy: { use: flash-3 }, fallbacks: [lite-2] }
`;

/** Frames go out one after the other: what a connection held when it was cut may be lost with it. */
const frameByFrame = "[[fault:slow-drip=4096 ms=2]]";

const words = Array.from({ length: 30 }, (_, at) => `word ${at}`).join(", ");

let box: TestSignalbox;
let client: OpenAI;
beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
  client = new OpenAI({ apiKey: "none", baseURL: `${box.url}/v1`, maxRetries: 0 });
});
afterAll(() => box.close());

/** A prompt whose answer breaks at that model after some words, in a way of the emulator's. */
function breaking(fault: string, model: string): string {
  return `[[say:${words}]] [[fault:${fault}=30 model=${model}]] [[frame-tokens=5]] ${frameByFrame}`;
}

async function streamed(model: string, content: string): Promise<string> {
  const stream = await client.chat.completions.create({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content }],
  });
  const chunks = await Array.fromAsync(stream);
  expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(["stop"]);
  expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(50);
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
}

describe("a stream that breaks comes whole all the same", () => {
  test.each(["cut-after-tokens", "error-frame", "end-after-tokens", "malformed-frame", "truncated-frame"])(
    "from another Gemini model: %s",
    async (fault) => {
      expect(await streamed("to-gemini", breaking(fault, "gemini-3.8-flash"))).toBe(words);
      const [last, first] = box.ledger().slice(-2).toReversed();
      expect([first?.model, last?.model]).toEqual(["gemini-3.8-flash", "gemini-3.5-flash-lite"]);
      // The second says the rest only.
      expect(last?.outputTokensGenerated).toBeLessThan(Math.ceil(words.length / 4));
    },
  );

  test.each([
    ["to-vllm", "open-small"],
    ["to-mistral", "qwen3-32b"],
  ])("from a compatible server, asked in its own way: %s", async (route, first) => {
    expect(await streamed(route, breaking("cut-after-tokens", first))).toBe(words);
  });

  test("and its decision, its attempts and what follows the answer say so", async () => {
    const body = JSON.stringify({
      model: "seen",
      stream: true,
      messages: [{ role: "user", content: breaking("cut-after-tokens", "gemini-4-argon") }],
    });
    const { headers, trailers } = await new Promise<{ headers: unknown; trailers: unknown }>(
      (resolve, reject) => {
        const sent = request(
          `${box.url}/v1/chat/completions`,
          { method: "POST", headers: { "content-type": "application/json" } },
          (response) => {
            response.resume();
            response.once("end", () => resolve(response));
            response.once("error", reject);
          },
        );
        sent.end(body);
      },
    );
    expect(headers).toMatchObject({ trailer: "x-signalbox-resumed" });
    expect(trailers).toEqual({ "x-signalbox-resumed": "lite-2" });
    // The schema of this endpoint promises it.
    const { "x-signalbox-request-id": id } = headers as { readonly "x-signalbox-request-id": string };
    const logged = await box.request(id);
    expect(logged).toMatchObject({ outcome: "completed", decision: { resumed: true, degraded: "fallback" } });
    expect(logged["attempts"]).toMatchObject([
      { deployment: "flash-2", outcome: "failed", resumes: false },
      { deployment: "lite-2", outcome: "completed", resumes: true },
    ]);
    const metrics = await (await fetch(`${box.url}/metrics`)).text();
    expect(metrics).toMatch(/signalbox_resumptions_total\{from="flash-2",to="lite-2",reason="reset"\} \d/);
  });
});

test("a route that does not say so ends such a stream with an error", async () => {
  await expect(streamed("off", breaking("cut-after-tokens", "gemini-4-carbon"))).rejects.toThrow();
});
