import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `${testConfiguration}
chains:
  twice:
    variables: { text: {}, tone: { default: calm } }
    steps:
      - ask: { messages: [{ human: "[[say:draft]] {text}" }] }
        as: draft
      - ask: { messages: [{ human: "[[say:Well answered.]] [[frame-tokens=1]] {tone} {draft}" }] }
  sides:
    variables: { text: {} }
    steps:
      - parallel:
          branches:
            good: [{ ask: { messages: [{ human: "[[say:+]] {text}" }] } }]
            bad: [{ ask: { messages: [{ human: "[[say:-]] {text}" }] } }]
  echo:
    versions:
      1: { variables: { text: {} }, steps: [{ ask: { messages: [{ human: "{text}" }] } }] }
      2: { variables: { text: {} }, steps: [{ ask: { messages: [{ human: "[[say:two]] {text}" }] } }] }
  pair: { variables: { one: {}, other: {} }, steps: [{ ask: { messages: [{ human: "[[say:pair]] {one} {other}" }] } }] }
`;

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration });
});

afterAll(() => signalbox.close());

const post: TestSignalbox["post"] = (...call) => signalbox.post(...call);

async function json(response: Response): Promise<JsonObject> {
  const value: unknown = await response.json();
  if (!isJsonObject(value)) throw new Error("The answer is no JSON object");
  return value;
}

/** Asks a chain as a model in OpenAI's words. */
const ask = (chain: string, content: string, more: JsonObject = {}) =>
  post("/v1/chat/completions", { model: `chain/${chain}`, messages: [{ role: "user", content }], ...more });

const dialects: readonly (readonly [string, (chain: string, stream: boolean) => Promise<Response>])[] = [
  ["openai-chat", (chain, stream) => ask(chain, "Hi", { stream })],
  [
    "anthropic",
    (chain, stream) =>
      post("/v1/messages", {
        model: `chain/${chain}`,
        max_tokens: 100,
        messages: [{ role: "user", content: "Hi" }],
        stream,
      }),
  ],
  [
    "openai-responses",
    (chain, stream) => post("/v1/responses", { model: `chain/${chain}`, input: "Hi", stream }),
  ],
  [
    "gemini",
    (chain, stream) =>
      post(`/v1beta/models/chain/${chain}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`, {
        contents: [{ role: "user", parts: [{ text: "Hi" }] }],
      }),
  ],
];

describe.each(dialects)("a chain is asked as a model by %s", (_dialect, asked) => {
  test("whole, with how it was routed and what all of its steps cost", async () => {
    const response = await asked("twice", false);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Well answered.");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-signalbox-request-id": expect.any(String),
      "x-signalbox-route": "chat",
      "x-signalbox-cost-usd": expect.stringMatching(/^0\.\d+$/),
    });
    const run = response.headers.get("x-signalbox-request-id") ?? "";
    const found = await json(await fetch(`${signalbox.url}/api/requests?tag=chain_run=${run}`));
    expect(found["requests"]).toHaveLength(2);
  });

  test("streamed, piece by piece", async () => {
    const response = await asked("twice", true);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const pieces = [...(await response.text()).matchAll(/"(?:content|text|delta)":"([^"]+)"/g)].map(
      ([, text]) => text,
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toContain("Well answered.");
  });

  test("a chain that there is not is refused in the dialect's words", async () => {
    const response = await asked("absent", false);
    expect(response.status).toBe(404);
    expect(JSON.stringify(await json(response))).toContain('Cannot find chain \\"absent\\"');
    const id = response.headers.get("x-signalbox-request-id") ?? "";
    expect(await signalbox.request(id)).toMatchObject({
      model: "chain/absent",
      outcome: "refused",
      attempts: [],
    });
  });
});

describe("as a model", () => {
  test("a chain of objects answers with JSON, streamed or not, in the sum of its steps' usage", async () => {
    const answer = await json(await ask("sides", "x"));
    expect(JSON.stringify(answer)).toContain(JSON.stringify('{"good":"+","bad":"-"}'));
    expect(answer["usage"]).toMatchObject({ total_tokens: expect.any(Number) });
    const text = await (await ask("sides", "x", { stream: true })).text();
    expect(text).toContain(JSON.stringify('{"good":"+","bad":"-"}'));
    expect(text).toContain("data: [DONE]");
  });

  test("values beside the text come as prompt_variables, versions by name", async () => {
    expect(
      JSON.stringify(await json(await ask("pair", "x", { prompt_variables: { other: "y" } }))),
    ).toContain("pair");
    expect(JSON.stringify(await json(await ask("echo", "x")))).toContain("two");
    expect(JSON.stringify(await json(await ask("echo@1", "[[say:one]]")))).toContain("one");
  });

  test.each([
    ["two texts that it wants", "pair", {}, 400, "it wants 2"],
    ["a variable that it does not know", "twice", { prompt_variables: { colour: "red" } }, 400, "colour"],
    [
      "tools",
      "twice",
      { tools: [{ type: "function", function: { name: "look", parameters: { type: "object" } } }] },
      400,
      "no tools are wanted",
    ],
  ] as const)("%s are refused", async (_what, chain, more, status, words) => {
    const before = signalbox.ledger().length;
    const response = await ask(chain, "x", more);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await json(response))).toContain(words);
    expect(signalbox.ledger()).toHaveLength(before);
  });

  test.each([
    ["a value", "pair", "x", { other: 7 }, "prompt_variables.other"],
    ["a value that it does not know", "echo", "x", { colour: "red" }, "prompt_variables"],
    ["the conversation", "echo", "x".repeat(200_000), {}, "messages"],
  ])("%s that is refused is named by the client's own field", async (_what, chain, text, values, param) => {
    const response = await ask(chain, text, { prompt_variables: values });
    expect([response.status, await json(response)]).toEqual([
      400,
      { error: expect.objectContaining({ param }) },
    ]);
  });

  test("a provider that fails is an error of the dialect", async () => {
    const response = await ask("echo@1", "[[fault:500]]");
    expect(response.status).toBe(502);
    expect(await json(response)).toMatchObject({ error: { message: expect.any(String) } });
    const id = response.headers.get("x-signalbox-request-id") ?? "";
    const step = { chain: "echo", chain_run: id };
    expect(await signalbox.request(id)).toMatchObject({ outcome: "failed", tags: step });
  });

  test("a client that leaves stops the run", async () => {
    const leaving = new AbortController();
    signalbox.addFault({ fault: "stall-before-headers", count: 1 });
    const body = { model: "chain/echo", messages: [{ role: "user", content: "x" }] };
    const gone = expect(post("/v1/chat/completions", body, leaving.signal)).rejects.toThrow();
    await signalbox.eventually(() => signalbox.faultsWaiting() === 0);
    const before = signalbox.ledger().length;
    leaving.abort();
    await gone;
    await signalbox.eventually(() => signalbox.ledger().length > before);
    expect(signalbox.ledger().at(-1)?.outcome).toBe("aborted");
  });

  test("no chain asks a chain as a model: a circle cannot be written", async () => {
    const circle = "  round: { steps: [{ ask: { route: chain/round, messages: [{ human: x }] } }] }\n";
    const text = (configuration + circle).replaceAll("EMULATOR", signalbox.emulatorUrl);
    const response = await post("/api/configuration/apply", { text });
    expect(response.status).toBe(422);
    expect(JSON.stringify(await json(response))).toContain("chains.round.steps.0.ask.route");
  });
});
