import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText, tool, type ModelMessage } from "ai";
import OpenAI, { BadRequestError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { runAgent, turns } from "../conformance/agents/agent.ts";
import { openaiThreadAgent } from "../conformance/agents/openai-responses-agents.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

type Asked = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, "stream">;
type Answer = OpenAI.Responses.Response;

/** Routes that keep what is said, over both dialects of providers, and some that do not. */
const routes = `${testConfiguration}
  gemini: { strategy: { use: chat-flash }, capture: full }
  compatible-route: { strategy: { use: other }, capture: full }
  unseen: { strategy: { use: chat-lite } }
`.replace("variants:\n", "variants:\n  other: { pool: [compatible] }\n");
const configuration = `${routes}
chains:
  echo: { variables: { text: {} }, steps: [{ ask: { messages: [{ human: "[[say:done]] {text}" }] } }] }
log: { redact: { detect: [] } }
`;

const weather = tool({
  description: "Weather of a city",
  inputSchema: z.object({ city: z.string() }),
  execute: () => Promise.resolve("21 degrees"),
});

let box: TestSignalbox;
let client: OpenAI;
beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
  client = clientOf(box);
});
afterAll(() => box.close());

function clientOf({ url }: TestSignalbox, apiKey = "unused"): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

function ask(body: Asked, streams = false, by = client): Promise<Answer> {
  return streams ? by.responses.stream(body).finalResponse() : by.responses.create(body);
}

/** What the provider was sent last, in its own count of tokens. */
function tokensRead(): number | undefined {
  return box.ledger().at(-1)?.promptTokens;
}

async function refusalOf(call: Promise<unknown>): Promise<BadRequestError> {
  const error: unknown = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof BadRequestError)) throw new Error(`a refusal is wanted, it is ${String(error)}`);
  return error;
}

async function expectNotFound(call: Promise<unknown>): Promise<void> {
  const error = await refusalOf(call);
  expect(error).toMatchObject({
    status: 400,
    type: "invalid_request_error",
    code: "previous_response_not_found",
    param: "previous_response_id",
  });
  expect(error.message).toMatch(/Cannot go on from response ".*capture: full/);
}

describe.each(["gemini", "compatible-route"])("a thread by the openai client, %s", (model) => {
  test.each([false, true])(
    "goes on at once from all that was said, and not from instructions (stream: %j)",
    async (streams) => {
      const first = await ask(
        { model, instructions: "[[say:Never]]", input: "[[say:Oslo]] A city?" },
        streams,
      );
      expect(first).toMatchObject({ store: true, previous_response_id: null });
      const question = { role: "user", content: "Another one, please" } as const;
      const second = await ask(
        { model, previous_response_id: first.id, instructions: "Be brief", input: [question] },
        streams,
      );
      expect(second).toMatchObject({ store: true, previous_response_id: first.id, status: "completed" });
      const third = await ask({ model, previous_response_id: second.id, input: "And a third" }, streams);
      const read = tokensRead();
      const output = (answer: Answer) => answer.output as OpenAI.Responses.ResponseInputItem[];
      const input: OpenAI.Responses.ResponseInputItem[] = [
        { role: "user", content: "[[say:Oslo]] A city?" },
        ...output(first),
        question,
        ...output(second),
        { role: "user", content: "And a third" },
      ];
      const byHand = await ask({ model, input, store: false }, streams);
      expect(tokensRead()).toBe(read);
      expect(byHand).toMatchObject({ store: false });
      expect(third.previous_response_id).toBe(second.id);
    },
  );

  test("tells its state in every response object of a stream", async () => {
    const { id } = await ask({ model, input: "Hello" });
    const stream = await client.responses.create({
      model,
      input: "More",
      previous_response_id: id,
      stream: true,
    });
    const told: unknown[] = [];
    for await (const event of stream) if ("response" in event) told.push(event.response);
    const state = { store: true, previous_response_id: id };
    expect(told).toMatchObject([state, state, state]);
  });

  test("may part: two requests go on from one answer", async () => {
    const { id } = await ask({ model, input: "Hello" });
    const both = await Promise.all(
      ["left", "right"].map((input) => ask({ model, input, previous_response_id: id })),
    );
    expect(both.map(({ status }) => status)).toEqual(["completed", "completed"]);
  });

  test.each([false, true])("carries an agent of ten turns (stream: %j)", async (streams) => {
    const agent = openaiThreadAgent({ url: box.url, streams });
    const fared = await runAgent(agent, { modelOf: () => model, record: (id) => box.request(id) });
    expect(fared.answer).not.toBe("");
    expect(fared.calls.slice(0, turns).every((count) => count > 0)).toBe(true);
    // The emulator refuses a call whose signature is missing or wrong; a placeholder would have been named.
    expect(fared.warnings.flat().map(({ code }) => code)).not.toContain("inserted-thought-signature");
  });

  test.each([false, true])(
    "is gone on with by the AI SDK, which sends a tool's result alone (stream: %j)",
    async (streams) => {
      const provider = createOpenAI({ baseURL: `${box.url}/v1`, apiKey: "unused" });
      const say = async (messages: ModelMessage[], toolChoice: "required" | "none", previous?: string) => {
        const asked = {
          model: provider.responses(model),
          messages,
          tools: { weather },
          toolChoice,
          maxRetries: 0,
          providerOptions: { openai: previous === undefined ? {} : { previousResponseId: previous } },
        };
        const result = streams ? streamText(asked) : await generateText(asked);
        const [calls, text, told] = await Promise.all([
          result.toolCalls,
          result.text,
          result.providerMetadata,
        ]);
        const { responseId } = z.object({ responseId: z.string() }).parse(told?.["openai"]);
        return { calls, text, responseId };
      };
      const first = await say([{ role: "user", content: "Weather in Paris?" }], "required");
      const [call] = first.calls;
      if (!call) throw new Error("no tool call came");
      const { toolCallId, toolName } = call;
      const output = { type: "text", value: "21 degrees" } as const;
      const result = { type: "tool-result", toolCallId, toolName, output } as const;
      const second = await say([{ role: "tool", content: [result] }], "none", first.responseId);
      expect(second.text).not.toBe("");
    },
  );
});

test("tokens are counted with those of the turns before", async () => {
  const { id } = await ask({ model: "gemini", input: "A long word: Donaudampfschifffahrt" });
  const count = async (more: object) =>
    (await client.responses.inputTokens.count({ model: "gemini", input: "Go on", ...more })).input_tokens;
  expect(await count({ previous_response_id: id })).toBeGreaterThan((await count({})) + 5);
});

test("a thread may change its route, and ends where nothing is kept: at another route, or a chain", async () => {
  const first = await ask({ model: "gemini", input: "Hello" });
  const second = await ask({ model: "compatible-route", input: "More", previous_response_id: first.id });
  for (const model of ["unseen", "chain/echo"]) {
    const last = await ask({ model, input: "And more", previous_response_id: second.id });
    expect(last).toMatchObject({ status: "completed", store: false, previous_response_id: second.id });
    await expectNotFound(ask({ model: "gemini", input: "x", previous_response_id: last.id }));
  }
});

describe("an answer is none to go on from", () => {
  const go = (previous: unknown, more: object = {}) =>
    client.responses.create({
      model: "gemini",
      input: "x",
      previous_response_id: previous as string,
      ...more,
    });

  test("where its client says store: false, which the answer repeats", async () => {
    const first = await ask({ model: "gemini", input: "Hello", store: false });
    expect(first).toMatchObject({ store: false });
    await expectNotFound(go(first.id));
  });

  test("where its route does not keep it", async () => {
    const first = await ask({ model: "unseen", input: "Hello" });
    expect(first).toMatchObject({ store: false });
    await expectNotFound(go(first.id));
  });

  test("where it holds an image that is not kept", async () => {
    const image_url = `data:image/png;base64,${"QUJD".repeat(1_000)}`;
    const content = [
      { type: "input_text", text: "What is it?" },
      { type: "input_image", image_url, detail: "auto" },
    ] as const;
    const first = await ask({ model: "gemini", input: [{ role: "user", content: [...content] }] });
    expect(first).toMatchObject({ store: false });
    await expectNotFound(go(first.id));
  });

  test("where it broke off", async () => {
    const call = client.responses.stream({
      model: "gemini",
      input: "[[fault:reset-mid-stream=2]] Tell a story [[tokens=60]] [[frame-tokens=10]]",
    });
    await call.finalResponse().catch(() => undefined);
    const [{ id } = { id: "" }] = await box.requests();
    expect(await box.request(id)).toMatchObject({ outcome: "failed" });
    await expectNotFound(go(id));
  });

  test("where it was given in another dialect", async () => {
    const { id } = await client.chat.completions.create({
      model: "gemini",
      messages: [{ role: "user", content: "Hello" }],
    });
    await expectNotFound(go(id));
  });

  test.each([
    ["resp_68f0"],
    [""],
    ["x".repeat(100_000)],
    ["'; drop table requests; --"],
    ["019abcde-f012-7345-8678-9abcdef01234"],
    ["019ABCDE-F012-7345-8678-9ABCDEF01234"],
    ["\u0000🚦"],
  ])("where there is no such id: %#", async (id) => {
    await expectNotFound(go(id));
  });

  test.each([[7], [["a"]], [{ id: "a" }], [true]])("of a type other than a string: %j", async (id) => {
    const error = await refusalOf(go(id));
    expect(error).toMatchObject({ param: "previous_response_id", code: null });
    expect(error.message).toContain("wanted a string");
  });

  test("and a request that is wrong itself is told so first", async () => {
    const error = await refusalOf(go("resp_1", { input: [] }));
    expect(error).toMatchObject({ param: "input" });
  });
});

test("only who asked may go on, by the same key", async () => {
  const adminKey = "admin-key-of-a-test";
  await using closed = await startTestSignalbox({ configuration, adminKey });
  const [one, other] = [await closed.createKey("one"), await closed.createKey("other")];
  const first = await ask({ model: "gemini", input: "Hello" }, false, clientOf(closed, one));
  const go = (key: string) =>
    ask({ model: "gemini", input: "x", previous_response_id: first.id }, false, clientOf(closed, key));
  await expectNotFound(go(other));
  await expectNotFound(go(adminKey));
  expect(await go(one)).toMatchObject({ status: "completed", store: true });
});

test("where content is redacted nothing can be gone on from, and answers say so", async () => {
  await using redacting = await startTestSignalbox({ configuration: routes });
  const by = clientOf(redacting);
  const first = await ask({ model: "gemini", input: "Hello" }, false, by);
  expect(first).toMatchObject({ store: false });
  await expectNotFound(ask({ model: "gemini", input: "x", previous_response_id: first.id }, false, by));
});
