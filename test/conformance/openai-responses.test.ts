import OpenAI, { APIError, BadRequestError, NotFoundError, RateLimitError } from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { onePixelPng } from "../support/one-pixel-png.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

type Events = readonly OpenAI.Responses.ResponseStreamEvent[];
type Asked = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, "stream">;

let signalbox: TestSignalbox;
let client: OpenAI;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  client = new OpenAI({ baseURL: `${signalbox.url}/v1`, apiKey: "unused", maxRetries: 0 });
});

afterAll(() => signalbox.close());

const weather: OpenAI.Responses.FunctionTool = {
  type: "function",
  name: "get_weather",
  description: "Weather of a city",
  strict: true,
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

function callsOf({
  output,
}: OpenAI.Responses.Response): readonly OpenAI.Responses.ResponseFunctionToolCall[] {
  return output.filter((item) => item.type === "function_call");
}

function cityOf({ arguments: text }: { readonly arguments: string }): unknown {
  return z.object({ city: z.string() }).parse(JSON.parse(text)).city;
}

/** The events of a stream, which are checked to be numbered from 0. */
async function eventsOf(body: Asked): Promise<Events> {
  const events: OpenAI.Responses.ResponseStreamEvent[] = [];
  for await (const event of await client.responses.create({ ...body, stream: true })) events.push(event);
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
  return events;
}

describe.each(["gemini-3.8-flash", "compatible"])("the openai client's responses, %s", (model) => {
  test("come whole, with usage and their request's id, and say that they are not stored", async () => {
    const { data, response } = await client.responses
      .create({ model, instructions: "Be brief", input: "What is a signal box?" })
      .withResponse();
    expect(data).toMatchObject({
      object: "response",
      status: "completed",
      error: null,
      incomplete_details: null,
      store: false,
    });
    expect(data.output_text).not.toBe("");
    expect(data.usage?.total_tokens).toBeGreaterThan(0);
    expect(data.id).toBe(response.headers.get("x-signalbox-request-id"));
  });

  test("come as a stream of named, numbered events that ends with the whole answer", async () => {
    const events = await eventsOf({ model, input: "Tell a story" });
    expect(events.slice(0, 4).map(({ type }) => type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
    ]);
    const text = events
      .map((event) => (event.type === "response.output_text.delta" ? event.delta : ""))
      .join("");
    expect(text.length).toBeGreaterThan(20);
    const last = events.at(-1);
    if (last?.type !== "response.completed") throw new Error(`the stream ended with ${last?.type}`);
    expect(last.response.usage?.output_tokens).toBeGreaterThan(0);
    const said = last.response.output.flatMap((item) => (item.type === "message" ? item.content : []));
    expect(said.map((part) => (part.type === "output_text" ? part.text : "")).join("")).toBe(text);
  });

  test("are put together from a stream", async () => {
    const final = await client.responses.stream({ model, input: "Tell a story" }).finalResponse();
    expect(final.status).toBe("completed");
    expect(final.output_text.length).toBeGreaterThan(20);
  });

  test.each([false, true])("call a forced tool and go on with its result (stream: %j)", async (streams) => {
    // Within the test: the client had no such file before version 6, and all else can be tried with it.
    const { toResponseInputItems } = await import("openai/lib/responses/ResponseInputItems");
    const ask = (body: Asked) =>
      streams ? client.responses.stream(body).finalResponse() : client.responses.create(body);
    const input: OpenAI.Responses.ResponseInputItem[] = [{ role: "user", content: "Weather in Paris?" }];
    const first = await ask({
      model,
      input,
      tools: [weather],
      tool_choice: { type: "function", name: "get_weather" },
    });
    const [call] = callsOf(first);
    if (!call) throw new Error("no tool call came");
    expect(call).toMatchObject({ name: "get_weather", status: "completed" });
    expect(cityOf(call)).not.toBe("");
    const output = { type: "function_call_output", call_id: call.call_id, output: '{"celsius":21}' } as const;
    const second = await ask({
      model,
      input: [...input, ...toResponseInputItems(first.output), output],
      tools: [weather],
    });
    expect(second.output_text).not.toBe("");
  });

  test.each([false, true])("call several tools at once (stream: %j)", async (streams) => {
    const body: Asked = {
      model,
      input: "[[calls=2]] Weather in Paris and Rome?",
      tools: [weather],
      tool_choice: "required",
    };
    const answer = streams
      ? await client.responses.stream(body).finalResponse()
      : await client.responses.create(body);
    const calls = callsOf(answer);
    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ call_id }) => call_id)).size).toBe(2);
    expect(calls.map(cityOf)).toEqual([expect.any(String), expect.any(String)]);
  });

  test.each([false, true])("have the structure that a schema asks for (stream: %j)", async (streams) => {
    const shape = z.object({
      title: z.string(),
      year: z.int().min(1900).max(2100),
      tags: z.array(z.enum(["a", "b"])).min(1),
    });
    const body = { model, input: "Describe a film", text: { format: zodTextFormat(shape, "film") } };
    const answer = streams
      ? await client.responses.stream(body).finalResponse()
      : await client.responses.parse(body);
    expect(shape.parse(answer.output_parsed)).toBeTruthy();
    expect(answer.text?.format).toMatchObject({ type: "json_schema", name: "film" });
  });

  test("see an image", async () => {
    const answer = await client.responses.create({
      model,
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "What is this?" },
            { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${onePixelPng}` },
          ],
        },
      ],
    });
    expect(answer.usage?.input_tokens).toBeGreaterThan(100);
  });

  test("end as incomplete where they grow too long", async () => {
    const answer = await client.responses.create({
      model,
      input: "Tell a long story",
      max_output_tokens: 16,
    });
    expect(answer).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
  });

  test("end at the upstream when the client aborts", async () => {
    const stream = await client.responses.create({
      model,
      stream: true,
      input: "[[fault:stall-after-tokens]] Tell a long story",
    });
    for await (const event of stream) if (event.type === "response.output_text.delta") break;
    stream.controller.abort();
    await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  });

  test("raise an error when the stream breaks off, with its words", async () => {
    const read = eventsOf({ model, input: "[[fault:cut-after-tokens]] Tell a story" });
    const error: unknown = await read.catch((cause: unknown) => cause);
    if (!(error instanceof APIError)) throw new Error(`unexpected ${String(error)}`);
    expect(error.message).toContain("upstream");
  });
});

test.each(["[[block=SAFETY]] Hello", "[[finish=SAFETY]] Hello"])(
  "the openai client sees why nothing came of %s",
  async (input) => {
    const body = { model: "gemini-3.8-flash", input };
    for (const answer of [
      await client.responses.create(body),
      await client.responses.stream(body).finalResponse(),
    ]) {
      expect(answer).toMatchObject({
        status: "incomplete",
        incomplete_details: { reason: "content_filter", native_finish_reason: "SAFETY" },
      });
      expect(answer.output_text).toBe("");
    }
  },
);

describe("reasoning by the openai client", () => {
  test.each([false, true])("is told where it is asked for (stream: %j)", async (streams) => {
    const body: Asked = {
      model: "gemini-3.8-flash",
      input: "What is a signal box?",
      reasoning: { effort: "high", summary: "auto" },
      include: ["reasoning.encrypted_content"],
      store: false,
    };
    const answer = streams
      ? await client.responses.stream(body).finalResponse()
      : await client.responses.create(body);
    const [thought] = answer.output;
    if (thought?.type !== "reasoning") throw new Error(`the answer began with ${thought?.type}`);
    expect(thought.summary[0]?.text).not.toBe("");
    expect(answer.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
    expect(answer.output_text).not.toBe("");
  });
});

describe("the errors of the openai client's responses", () => {
  const model = "gemini-3.8-flash";

  test("an unknown model is NotFoundError, with what would be known", async () => {
    const call = client.responses.create({ model: "nope", input: "x" });
    await expect(call).rejects.toBeInstanceOf(NotFoundError);
  });

  test("a rate limit is RateLimitError with retry-after", async () => {
    const call = client.responses.create({ model: "gemini-3.7-flash", input: "[[fault:429-minute]]" });
    const error: unknown = await call.catch((cause: unknown) => cause);
    if (!(error instanceof RateLimitError)) throw new Error(`unexpected ${String(error)}`);
    expect(Number(error.headers?.get("retry-after"))).toBeGreaterThan(0);
  });

  test.each<[string, Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>, RegExp]>([
    ["conversation", { conversation: "conv_1" }, /keeps no conversations/],
    ["background", { background: true }, /leave it out/],
    ["tools[0].type", { tools: [{ type: "web_search" }] }, /run at OpenAI/],
    ["input[0]", { input: [{ type: "item_reference", id: "msg_1" }] }, /send the item itself/],
  ])("%s is refused with what to do instead", async (field, more, words) => {
    const call = client.responses.create({ model, input: "x", ...more });
    const error: unknown = await call.catch((cause: unknown) => cause);
    if (!(error instanceof BadRequestError)) throw new Error(`unexpected ${String(error)}`);
    expect(error).toMatchObject({ status: 400, param: field, code: "unsupported_feature" });
    expect(error.message).toMatch(words);
  });

  test("one that its route does not keep cannot be gone on from", async () => {
    const { id } = await client.responses.create({ model, input: "Hello" });
    const call = client.responses.create({ model, input: "More", previous_response_id: id });
    await expect(call).rejects.toMatchObject({
      status: 400,
      param: "previous_response_id",
      code: "previous_response_not_found",
    });
  });

  test("responses cannot be fetched, cancelled or deleted", async () => {
    const { id } = await client.responses.create({ model, input: "Hello" });
    for (const call of [
      client.responses.retrieve(id),
      client.responses.cancel(id),
      client.responses.delete(id),
    ]) {
      const error: unknown = await call.catch((cause: unknown) => cause);
      if (!(error instanceof NotFoundError)) throw new Error(`unexpected ${String(error)}`);
      expect(error.message).toContain("go on from it by previous_response_id");
    }
  });

  test("tokens are counted without an answer", async () => {
    const counted = await client.responses.inputTokens.count({ model, input: "What is a signal box?" });
    expect(counted).toMatchObject({ object: "response.input_tokens", input_tokens: expect.any(Number) });
  });
});
