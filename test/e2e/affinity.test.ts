import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Four keys of one maker, each with a prompt cache of its own, and a model that costs something. */
const configuration = `
version: 1
providers:
${["a", "b", "c", "d"].map((name) => `  ${name}: { dialect: openai-chat, base_url: "EMULATOR/v1", api_key: "\${KEY_${name.toUpperCase()}}", private_network: true }`).join("\n")}
deployments:
${["a", "b", "c", "d"].map((name) => `  at-${name}: { provider: ${name}, model: qwen3-32b, price: { input: "$2", cached_input: "$0.20", output: "$8" } }`).join("\n")}
variants:
  main: { pool: [at-a, at-b, at-c, at-d] }
routes:
  kept: { strategy: { use: main }, affinity: true }
  spread: { strategy: { use: main } }
`;

const turnsMax = 12;
/** Some 2,500 tokens that every turn repeats. */
const handbook = "Answer as the handbook says: be short, be kind, name the page. ".repeat(160);

let box: TestSignalbox;
beforeAll(async () => {
  box = await startTestSignalbox({
    configuration,
    variables: { KEY_A: "key-a", KEY_B: "key-b", KEY_C: "key-c", KEY_D: "key-d" },
  });
});
afterAll(() => box.close());

interface Message {
  readonly role: string;
  readonly content: string;
}

/** A conversation of so many turns: who served each, and the tokens that were read from a cache. */
async function converse(model: string, name: string, headers: Readonly<Record<string, string>> = {}) {
  const messages: Message[] = [{ role: "system", content: `${name}. ${handbook}` }];
  const served: string[] = [];
  const cached: number[] = [];
  for (let turn = 1; turn <= turnsMax; turn++) {
    messages.push({ role: "user", content: `${name}: question ${turn}` });
    const response = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ model, messages }),
    });
    // The schema of this endpoint promises it.
    const answer = (await response.json()) as {
      readonly choices: readonly [{ readonly message: Message }];
      readonly usage: { readonly prompt_tokens_details: { readonly cached_tokens: number } };
    };
    messages.push({ role: "assistant", content: answer.choices[0].message.content });
    served.push(response.headers.get("x-signalbox-deployment") ?? "");
    cached.push(answer.usage.prompt_tokens_details.cached_tokens);
  }
  return { served, cached };
}

describe("a conversation of a route with affinity", () => {
  test("stays on its deployment, and all but its first turn is read from the provider's cache", async () => {
    const { served, cached } = await converse("kept", "first");
    expect(new Set(served).size).toBe(1);
    expect(cached[0]).toBe(0);
    for (const tokens of cached.slice(1)) expect(tokens).toBeGreaterThan(2_000);
  });

  test("is told from others by its first turns, or by what the client says", async () => {
    const conversations = await Promise.all(
      Array.from({ length: 12 }, (_, index) => converse("kept", `customer ${index}`)),
    );
    for (const { served } of conversations) expect(new Set(served).size).toBe(1);
    // That one of four is asked by all twelve happens once in four million times.
    expect(new Set(conversations.map(({ served }) => served[0])).size).toBeGreaterThan(1);
  });

  test("is spread over the pool where the route says nothing", async () => {
    const { served } = await converse("spread", "third");
    expect(new Set(served).size).toBeGreaterThan(1);
  });
});
