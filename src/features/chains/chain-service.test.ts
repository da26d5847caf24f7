import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { bodyText, FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { openAiGateway } from "../../../test/support/openai-gateway.ts";
import { chunk, completion, usageChunk } from "../../../test/support/scripted-transport.ts";
import { chainLimitsDefault, type ChainDefinition } from "#core/chains/chain-definition.ts";
import { ChainService, sendChainStream, summarise, type ChainStream } from "./index.ts";

const extract: ChainDefinition = {
  name: "extract",
  version: 1,
  description: "Extracts.",
  variables: [{ name: "text", description: "A text.", type: "text", lengthMax: 100, example: "a" }],
  steps: [
    {
      kind: "ask",
      as: "facts",
      messages: [["human", "{text}"]],
      output: { type: "json", schema: { type: "object", properties: { name: { type: "string" } } } },
    },
  ],
  limits: chainLimitsDefault,
  modelDefault: "qwen",
};
const worker: ChainDefinition = {
  ...extract,
  name: "worker",
  steps: [
    {
      kind: "tools",
      messages: [["human", "{text}"]],
      chains: ["extract"],
      roundsMax: 3,
      toolCallsMax: 3,
      output: { type: "text" },
    },
  ],
};
const input = { text: "A long text about {braces}." };
const usage = {
  input_tokens: 11,
  cached_input_tokens: 4,
  output_tokens: 7,
  thinking_tokens: 3,
  total_tokens: 18,
};

interface WorldOptions {
  readonly routes?: readonly string[];
  readonly configured?: string;
  /** Chains beside the usual ones. */
  readonly more?: readonly ChainDefinition[];
}

function world(options: WorldOptions = {}) {
  const time = new FakeTime();
  const upstream = new FakeUpstream();
  const { gateway, records, resolves } = openAiGateway({
    upstream,
    time,
    routes: options.routes ?? ["chat", "gemini-3.5-flash-lite", "brief"],
  });
  const outcomes: unknown[] = [];
  const service = new ChainService(
    {
      gateway,
      clock: time,
      timers: time,
      random: { unit: () => 0.5, bytes: (length) => new Uint8Array(length) },
      configuredRoute: () => options.configured,
      resolves,
      answered: (event) => outcomes.push(event),
    },
    [summarise, extract, ...(options.more ?? [])],
  );
  return { time, upstream, records, service, outcomes };
}

/** Waits until the gateway has made so many upstream calls. */
async function called(upstream: FakeUpstream, count = 1): Promise<void> {
  await expect.poll(() => upstream.calls.length, { interval: 1, timeout: 10_000 }).toBe(count);
}

/** Lets promises come to their end, then time go on. */
async function passed(time: FakeTime, ms: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  time.advance(ms);
}

function sentTo(upstream: FakeUpstream): JsonObject {
  const { body } = upstream.last.call;
  const value: unknown = JSON.parse(bodyText(body));
  if (!isJsonObject(value)) throw new Error("No JSON object was sent");
  return value;
}

async function written(stream: ChainStream): Promise<{ readonly text: string; readonly failure: unknown }> {
  let text = "";
  let ended = 0;
  const failure = await sendChainStream(stream, {
    write: (piece) => void (text += piece),
    end: () => (ended += 1),
  });
  expect(ended).toBe(1);
  return { text, failure };
}

describe("invoke", () => {
  test("fills the template, asks the route and answers with how it was served", async () => {
    const { service, upstream, records } = world();
    const answer = service.invoke({ chain: "summarise", input, tags: { team: "search" } });
    await called(upstream);
    upstream.answer(200, completion({ content: "Short." }));
    const given = await answer;
    const routed = { route: "chat", variant: "first", deployment: "first-deployment" };
    expect(given.answer).toEqual({
      output: "Short.",
      version: 1,
      request_id: records[0]?.requestId,
      ...routed,
      usage,
      repairs: 0,
      requests: [{ step: "branch-1.summary", request_id: records[0]?.requestId, ...routed, usage }],
    });
    expect(sentTo(upstream)["messages"]).toEqual([
      {
        role: "system",
        content: expect.stringContaining("Style: plain prose. Length: at most three sentences."),
      },
      { role: "user", content: "A long text about {braces}." },
    ]);
    expect(records).toMatchObject([
      {
        model: "chat",
        outcome: "completed",
        dialect: "openai-chat",
        tags: { team: "search", chain: "summarise" },
      },
    ]);
  });

  test("a call of a tool whose arguments are no JSON is told to the model, and is no answer", async () => {
    const { service, upstream } = world({ more: [worker] });
    const answer = service.invoke({ chain: "worker", input });
    await called(upstream);
    const cut = { name: "extract", arguments: '{"text": "cut' };
    upstream.answer(
      200,
      completion({ content: null, tool_calls: [{ id: "call-1", type: "function", function: cut }] }),
    );
    await called(upstream, 2);
    expect(sentTo(upstream)["messages"]).toEqual([
      { role: "user", content: input.text },
      expect.objectContaining({
        tool_calls: [{ id: "call-1", type: "function", function: { name: "extract", arguments: "{}" } }],
      }),
      expect.objectContaining({ role: "tool", content: "Error: the arguments were no JSON object" }),
    ]);
    upstream.answer(200, completion({ content: "Done." }));
    await expect(answer).resolves.toMatchObject({ answer: { output: "Done." } });
  });

  test("a failing deployment is followed by the next, as for any request", async () => {
    const { service, upstream, records } = world();
    const answer = service.invoke({ chain: "summarise", input });
    await called(upstream);
    upstream.answer(500, { error: { message: "broken" } });
    await called(upstream, 2);
    upstream.answer(200, completion({ content: "Short." }));
    await expect(answer).resolves.toMatchObject({ answer: { output: "Short.", variant: "second" } });
    expect(records[0]?.attempts.map(({ outcome }) => outcome)).toEqual(["failed", "completed"]);
  });

  test("when every deployment fails, the gateway's own code is thrown", async () => {
    const { service, upstream, time } = world();
    const answer = service.invoke({ chain: "summarise", input });
    const refused = expect(answer).rejects.toMatchObject({
      name: "AppError",
      code: "overloaded",
      retryable: true,
    });
    for (const attempt of [1, 2, 3]) {
      await called(upstream, attempt);
      upstream.answer(503, { error: { message: "busy" } });
      // The last is the second deployment once more, after a pause.
      await passed(time, 2_000);
    }
    await refused;
  });

  test("a JSON chain asks by its schema and parses the answer", async () => {
    const { service, upstream } = world();
    const answer = service.invoke({ chain: "extract", input: { text: "Ada" } });
    await called(upstream);
    upstream.answer(200, completion({ content: '{"name":"Ada"}' }));
    await expect(answer).resolves.toMatchObject({ answer: { output: { name: "Ada" } } });
    expect(sentTo(upstream)["response_format"]).toMatchObject({ type: "json_schema" });
  });

  test("an answer that is no JSON fails without a word of it in the error or its cause", async () => {
    const { service, upstream, outcomes } = world();
    const answer = service.invoke({ chain: "extract", input: { text: "Ada" } });
    await called(upstream);
    const failing = answer.catch((thrown: unknown) => thrown);
    upstream.answer(200, completion({ content: "s3cret prose" }));
    await called(upstream, 2);
    upstream.answer(200, completion({ content: "s3cret again" }));
    const error: unknown = await failing;
    expect(error).toMatchObject({
      name: "AppError",
      code: "unparsable-answer",
      message:
        'Cannot read the answer of chain "extract" in step "facts": wanted one JSON value and nothing else, got something else at character 0, after one repair',
    });
    expect(inspect(error)).not.toContain("s3cret");
    expect(upstream.calls).toHaveLength(2);
    expect(outcomes).toEqual([{ chain: "extract", variant: "first", outcome: "unparsable" }]);
  });

  test("an answer of another form is shown to the model once more with what is wrong, and then as wanted", async () => {
    const { service, upstream, records, outcomes } = world();
    const answer = service.invoke({ chain: "extract", input: { text: "Ada" } });
    await called(upstream);
    upstream.answer(200, completion({ content: '{"name":7}' }));
    await called(upstream, 2);
    expect(sentTo(upstream)["messages"]).toEqual([
      { role: "user", content: "Ada" },
      { role: "assistant", content: '{"name":7}' },
      {
        role: "user",
        content: expect.stringMatching(
          /^Your answer cannot be used: wanted JSON of the schema, got a number in place of string, in "name"\. /,
        ),
      },
    ]);
    upstream.answer(200, completion({ content: '{"name":"Ada"}' }));
    const given = await answer;
    expect(given.answer).toMatchObject({
      output: { name: "Ada" },
      repairs: 1,
      usage: { total_tokens: 36 },
      requests: [
        { step: "facts", request_id: records[0]?.requestId },
        { step: "facts", request_id: records[1]?.requestId },
      ],
    });
    expect(outcomes).toEqual([{ chain: "extract", variant: "first", outcome: "repaired" }]);
  });

  test("a client that has gone already makes no call", async () => {
    const { service, upstream } = world();
    const answer = service.invoke({ chain: "summarise", input, signal: AbortSignal.abort() });
    await expect(answer).rejects.toMatchObject({ code: "client-closed" });
    expect(upstream.calls).toEqual([]);
  });

  test("a client that goes away cancels the upstream call and is recorded as aborted", async () => {
    const { service, upstream, records } = world();
    const leaving = new AbortController();
    const answer = service.invoke({ chain: "summarise", input, signal: leaving.signal });
    await called(upstream);
    leaving.abort();
    await expect(answer).rejects.toMatchObject({ code: "client-closed" });
    await expect.poll(() => upstream.last.aborted, { interval: 1 }).toBe(true);
    expect(records).toMatchObject([{ outcome: "aborted" }]);
  });
});

describe("the route of a chain", () => {
  test.each([
    ["the configured one", { configured: "brief" }, "brief"],
    ["chat where there is such a route", {}, "chat"],
    ["the chain's model where there is none", { routes: ["gemini-3.5-flash-lite"] }, "gemini-3.5-flash-lite"],
  ])("is %s", async (_case, options, wanted) => {
    const { service, upstream, records } = world(options);
    expect(service.list().chains.map(({ name }) => name)).toEqual(["extract", "summarise"]);
    expect(service.list().chains[1]).toMatchObject({ route: wanted });
    const answer = service.invoke({ chain: "summarise", input });
    await called(upstream);
    upstream.answer(200, completion({ content: "Short." }));
    await answer;
    expect(records[0]?.model).toBe(wanted);
  });

  test("that is not known is the gateway's own 404", async () => {
    const { service } = world({ configured: "gone" });
    await expect(service.invoke({ chain: "summarise", input })).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining('Cannot find model "gone"'),
    });
  });
});

describe("stream", () => {
  test("sends chunks as they come, then the summary", async () => {
    const { service, upstream, records } = world();
    const opening = service.stream({ chain: "summarise", input });
    await called(upstream);
    upstream.startStream();
    upstream.frames(chunk({ role: "assistant", content: "" }), chunk({ content: "Sho" }));
    const stream = await opening;
    expect(stream.headers).toMatchObject({
      "x-signalbox-request-id": stream.requestId,
      "x-signalbox-route": "chat",
      "x-signalbox-deployment": "first-deployment",
    });
    upstream.frames(chunk({ content: "rt." }), chunk({}, "stop"), usageChunk, "[DONE]");
    upstream.last.listener.ended();
    const { text, failure } = await written(stream);
    expect(failure).toBeUndefined();
    const routed = { route: "chat", variant: "first", deployment: "first-deployment" };
    const summary = {
      output: "Short.",
      version: 1,
      request_id: records[0]?.requestId,
      ...routed,
      usage,
      repairs: 0,
      requests: [{ step: "branch-1.summary", request_id: records[0]?.requestId, ...routed, usage }],
    };
    expect(text).toBe(
      'event: chunk\ndata: {"text":"Sho"}\n\nevent: chunk\ndata: {"text":"rt."}\n\n' +
        `event: end\ndata: ${JSON.stringify(summary)}\n\n`,
    );
  });

  test("a failure before the first word is thrown, so that it can have a status", async () => {
    const { service, upstream, time } = world();
    const opening = service.stream({ chain: "summarise", input });
    const refused = expect(opening).rejects.toMatchObject({ code: "rate-limited" });
    for (const attempt of [1, 2]) {
      await called(upstream, attempt);
      upstream.answer(429, { error: { message: "slow down" } });
      // Both deployments share the quota, which is left alone for some seconds.
      await passed(time, 6_000);
    }
    await refused;
  });

  test("a failure after it is an error event, and no other deployment takes over", async () => {
    const { service, upstream, records } = world();
    const opening = service.stream({ chain: "summarise", input });
    await called(upstream);
    upstream.startStream();
    upstream.frames(chunk({ content: "Sho" }));
    const stream = await opening;
    upstream.last.listener.failed("reset", "ECONNRESET");
    const { text, failure } = await written(stream);
    const [, last] = text.split("event: error\ndata: ");
    expect(JSON.parse(last ?? "")).toMatchObject({
      error: { code: "upstream-failed", retryable: true },
      request_id: stream.requestId,
    });
    expect(failure).toMatchObject({ code: "upstream-failed" });
    expect(upstream.calls).toHaveLength(1);
    expect(records).toMatchObject([{ outcome: "failed" }]);
  });

  test("a reader that stops cancels the upstream call", async () => {
    const { service, upstream, records } = world();
    const opening = service.stream({ chain: "summarise", input });
    await called(upstream);
    upstream.startStream();
    upstream.frames(chunk({ content: "Sho" }), chunk({ content: "rt" }));
    for await (const event of (await opening).events) if (event.type === "chunk") break;
    await expect.poll(() => upstream.last.aborted, { interval: 1 }).toBe(true);
    await expect.poll(() => records.map(({ outcome }) => outcome), { interval: 1 }).toEqual(["aborted"]);
  });

  test("an aborted signal ends the events and cancels the upstream call", async () => {
    const { service, upstream } = world();
    const leaving = new AbortController();
    const opening = service.stream({ chain: "summarise", input, signal: leaving.signal });
    await called(upstream);
    upstream.startStream();
    upstream.frames(chunk({ content: "Sho" }));
    const stream = await opening;
    leaving.abort();
    const { failure } = await written(stream);
    expect(failure).toMatchObject({ code: "client-closed" });
    await expect.poll(() => upstream.last.aborted, { interval: 1 }).toBe(true);
  });

  test("a reader that lags behind holds the provider back", async () => {
    const { service, upstream } = world();
    const opening = service.stream({ chain: "summarise", input });
    await called(upstream);
    upstream.startStream();
    upstream.frames(chunk({ content: "x" }));
    const stream = await opening;
    for (let sent = 0; sent < 10_000 && !upstream.last.paused; sent += 1)
      upstream.frames(chunk({ content: "x" }));
    expect(upstream.last.paused).toBe(true);
    const reading = written(stream);
    await expect.poll(() => upstream.last.paused, { interval: 1 }).toBe(false);
    upstream.frames(chunk({}, "stop"));
    upstream.last.listener.ended();
    expect((await reading).failure).toBeUndefined();
  });
});

describe("input", () => {
  const refused = (call: { readonly chain?: string; readonly input: unknown }) => {
    const { service, upstream } = world();
    return service.invoke({ chain: "summarise", ...call }).then(
      () => "served",
      (error: unknown) => {
        expect(upstream.calls).toEqual([]);
        return error;
      },
    );
  };

  test("of an unknown chain is not found, with the names there are", async () => {
    await expect(refused({ chain: "sumarise", input })).resolves.toMatchObject({
      code: "not-found",
      message: 'Cannot find chain "sumarise": no chain has that name, only "summarise", "extract"',
    });
  });

  test.each([
    [{}, 'variable "text" must be a text of at least 1 character, it is absent', "input.text"],
    [
      { text: "" },
      'variable "text" must be a text of at least 1 character, it is a text of 0 characters',
      "input.text",
    ],
    [
      { text: 7 },
      'variable "text" must be a text of at least 1 character, it is of type number',
      "input.text",
    ],
    [
      { text: "x".repeat(1_000_001) },
      'variable "text" must be a text of at most 1000000 characters, it is a text of 1000001 characters',
      "input.text",
    ],
    [{ text: "x", tone: "y" }, 'variable "tone" is not known, only "text", "style", "length"', "input"],
    ["x", '"input" must be an object of its variables, it is a text of 1 characters', "input"],
    [undefined, '"input" must be an object of its variables, it is absent', "input"],
  ])("that is wrong is refused before any call (%#)", async (given, problem, field) => {
    await expect(refused({ input: given })).resolves.toMatchObject({
      code: "invalid-request",
      message: `Cannot run chain "summarise": ${problem}`,
      field,
    });
  });
});
