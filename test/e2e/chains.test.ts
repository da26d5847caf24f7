import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { soonest } from "../support/soonest.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
});

afterAll(() => signalbox.close());

interface Call {
  readonly chain?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly at?: TestSignalbox;
}

/** Calls a chain with a body. */
function call(
  way: "invoke" | "stream" | "events" | "batch",
  body: unknown,
  options: Call = {},
): Promise<Response> {
  const { chain = "summarise", headers, signal, at = signalbox } = options;
  return fetch(`${at.url}/v1/chains/${chain}/${way}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

function text(instruction: string): { readonly input: { readonly text: string } } {
  return { input: { text: `${instruction} Signalbox is a gateway.` } };
}

async function json(response: Response): Promise<JsonObject> {
  const value: unknown = await response.json();
  if (!isJsonObject(value)) throw new Error("The answer is no JSON object");
  return value;
}

function idOf(response: Response): string {
  return response.headers.get("x-signalbox-request-id") ?? "no id";
}

function textOf(data: unknown): string {
  if (isJsonObject(data) && typeof data["text"] === "string") return data["text"];
  throw new Error("The event holds no text");
}

/** The events of a stream as they come in. */
async function* eventsOf({
  body,
}: Response): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
  if (!body) throw new Error("The answer has no body");
  let waiting = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const frames = (waiting + piece).split("\n\n");
    waiting = frames.pop() ?? "";
    for (const frame of frames) {
      const [, event = "", data = ""] = /^event: (.*)\ndata: (.*)$/.exec(frame) ?? [];
      yield { event, data: JSON.parse(data) };
    }
  }
  expect(waiting).toBe("");
}

describe("invoke", () => {
  test("answers with the output, how it was routed and what it used", async () => {
    const response = await call("invoke", text("[[say:A gateway for models.]]"));
    expect(response.status).toBe(200);
    const answer = await json(response);
    expect(answer).toMatchObject({ output: "A gateway for models.", route: "chat" });
    const served = signalbox.ledger().at(-1);
    expect(answer["usage"]).toMatchObject({ input_tokens: served?.promptTokens });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "x-signalbox-request-id": answer["request_id"],
      "x-signalbox-route": "chat",
      "x-signalbox-variant": answer["variant"],
      "x-signalbox-deployment": answer["deployment"],
      "x-signalbox-attempts": "1",
      "x-signalbox-emulated": "true",
      "server-timing": expect.stringMatching(/^gateway;dur=\d/),
    });
  });

  test("is in the request log under its id, with the chain and the caller's tags", async () => {
    const response = await call("invoke", text("[[say:Short.]]"), {
      headers: { "x-signalbox-tags": "team=search" },
    });
    expect(await signalbox.request(idOf(response))).toMatchObject({
      outcome: "completed",
      tags: { chain: "summarise", team: "search" },
      decision: { route: "chat" },
    });
  });

  test("a text of the longest length passes, however it is escaped", async () => {
    const escaped = `\\u00e9`.repeat(399_900);
    const response = await fetch(`${signalbox.url}/v1/chains/summarise/invoke`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"input":{"text":"[[say:Long.]] ${escaped}"}}`,
    });
    expect(await json(response)).toMatchObject({ output: "Long." });
  });

  test("a provider that fails everywhere is a problem of its kind, which tells nothing of the provider's words", async () => {
    const response = await call("invoke", text("[[fault:500]]"));
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(await json(response)).toMatchObject({
      request_id: idOf(response),
      code: "upstream-failed",
      retryable: true,
    });
    expect(await signalbox.request(idOf(response))).toMatchObject({ outcome: "failed" });
  });

  test("a client that leaves cancels the call at the provider within 100 ms", async () => {
    const noticedMs = await soonest(3, async () => {
      const leaving = new AbortController();
      signalbox.addFault({ fault: "stall-before-headers", count: 1 });
      const gone = expect(call("invoke", text(""), { signal: leaving.signal })).rejects.toThrow();
      await signalbox.eventually(() => signalbox.faultsWaiting() === 0);
      const ms = await leave(leaving);
      await gone;
      return ms;
    });
    expect(noticedMs).toBeLessThan(100);
    await signalbox.eventually(async () => (await signalbox.requests())[0]?.["outcome"] === "aborted");
  });
});

describe("stream", () => {
  test("gives the text in chunks, then what invoke answers, with the same headers", async () => {
    const response = await call("stream", text("[[say:A gateway for many models.]] [[frame-tokens=1]]"));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-signalbox-request-id": expect.any(String),
      "x-signalbox-route": "chat",
      "x-signalbox-variant": expect.stringMatching(/^chat-/),
      "x-signalbox-deployment": expect.any(String),
      "x-signalbox-attempts": "1",
      "x-signalbox-emulated": "true",
    });
    const events = await Array.fromAsync(eventsOf(response));
    const pieces = events.filter(({ event }) => event === "chunk");
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.map(({ data }) => textOf(data)).join("")).toBe("A gateway for many models.");
    expect(events.slice(pieces.length)).toMatchObject([
      {
        event: "end",
        data: {
          output: "A gateway for many models.",
          request_id: idOf(response),
          deployment: response.headers.get("x-signalbox-deployment"),
        },
      },
    ]);
  });

  test("chunks are there while the provider still writes; a client that leaves ends that within 100 ms", async () => {
    let id = "";
    const noticedMs = await soonest(3, async () => {
      const leaving = new AbortController();
      const response = await call("stream", text("[[tokens=50]] [[fault:stall-after-tokens=9]]"), {
        signal: leaving.signal,
      });
      const events = eventsOf(response);
      expect(await events.next()).toMatchObject({ value: { event: "chunk" } });
      const ms = await leave(leaving);
      await expect(Array.fromAsync(events)).rejects.toThrow();
      id = idOf(response);
      return ms;
    });
    expect(noticedMs).toBeLessThan(100);
    await signalbox.eventually(async () => (await signalbox.requests())[0]?.id === id);
    expect(await signalbox.request(id)).toMatchObject({
      outcome: "aborted",
      stream: true,
      tags: { chain: "summarise" },
    });
  });

  test("a provider that cuts its answer leaves an error event, never an end", async () => {
    const events = await Array.fromAsync(
      eventsOf(await call("stream", text("[[tokens=30]] [[fault:end-after-tokens=9]]"))),
    );
    expect(new Set(events.map(({ event }) => event))).toEqual(new Set(["chunk", "error"]));
    expect(events.at(-1)?.data).toMatchObject({ error: { code: "upstream-failed", retryable: true } });
  });

  test("a failure before the first piece is an ordinary error answer", async () => {
    const response = await call("stream", text("[[fault:500]]"));
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  });
});

describe("bad calls are problems", () => {
  test.each([
    [
      "an unknown chain",
      () => call("invoke", text(""), { chain: "sumarise" }),
      404,
      'Cannot find chain "sumarise": no chain has that name, only "summarise", "extract", "classify", "answer", "sql", "agent"',
    ],
    [
      "a missing variable",
      () => call("invoke", { input: {} }),
      400,
      'Cannot run chain "summarise": variable "text" must be a text of at least 1 character, it is absent',
    ],
    [
      "a missing variable of a stream",
      () => call("stream", { input: { style: "prose" } }),
      400,
      'Cannot run chain "summarise": variable "text" must be a text of at least 1 character, it is absent',
    ],
    [
      "a body without input",
      () => call("stream", { text: "x" }),
      400,
      expect.stringMatching(/^Cannot serve "POST \/v1\/chains\/\{chain\}\/stream": body\.input must be /),
    ],
    [
      "unreadable tags",
      () => call("invoke", text(""), { headers: { "x-signalbox-tags": "team" } }),
      400,
      'Cannot read header "x-signalbox-tags": pairs such as tier=free,team=search are wanted',
    ],
    [
      "a body of more than 4 MiB",
      () => call("invoke", text("x".repeat(4 * 1024 * 1024))),
      413,
      "Cannot read the request body: at most 4 MiB is wanted, it is larger",
    ],
  ])("%s", async (_what, made, status, detail) => {
    const response = await made();
    expect(response.status).toBe(status);
    expect(await json(response)).toMatchObject({ status, detail });
  });

  test("another method says which are wanted", async () => {
    const response = await fetch(`${signalbox.url}/v1/chains/summarise/invoke`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});

test("where keys are asked for, chains take a data key and their list the admin key", async () => {
  await using closed = await startTestSignalbox({ adminKey: "admin-key-of-a-test" });
  const key = await closed.createKey("app");
  const statusWith = async (key: string | undefined) =>
    (
      await call("invoke", text(""), {
        at: closed,
        ...(key && { headers: { authorization: `Bearer ${key}` } }),
      })
    ).status;
  expect([await statusWith(undefined), await statusWith("sb_wrong"), await statusWith(key)]).toEqual([
    401, 401, 200,
  ]);
  expect((await closed.requests())[0]).toMatchObject({ outcome: "completed", key_id: expect.any(String) });
  const listWith = (bearer: string) =>
    fetch(`${closed.url}/api/chains`, { headers: { authorization: `Bearer ${bearer}` } });
  expect((await listWith(key)).status).toBe(403);
  expect((await listWith("admin-key-of-a-test")).status).toBe(200);
});

test("a chain asks the route that is configured for it, and is listed with it", async () => {
  await using configured = await startTestSignalbox({
    configuration: `${testConfiguration}chains:\n  summarise: { route: compatible }\n`,
  });
  const listed = await json(await fetch(`${configured.url}/api/chains`));
  expect(listed).toMatchObject({
    chains: [
      { name: "agent", route: "chat", steps: [{ kind: "tools" }] },
      { name: "answer", output: "json" },
      { name: "classify" },
      { name: "extract" },
      { name: "sql", output: "text" },
      {
        name: "summarise",
        version: 1,
        versions: [1],
        route: "compatible",
        output: "text",
        variables: [{ name: "text" }, {}, {}],
      },
    ],
  });
  const answer = await json(await call("invoke", text("[[say:Short.]]"), { at: configured }));
  expect(answer).toMatchObject({ output: "Short.", route: "compatible", deployment: "compatible" });
});

test("the document shows the live chains: names, variables, an example of each", async () => {
  const document = JSON.stringify(await json(await fetch(`${signalbox.url}/openapi.json`)));
  const { paths, components } = JSON.parse(document);
  const names = ["summarise", "extract", "classify", "answer", "sql", "agent"];
  for (const way of ["invoke", "stream", "events", "batch"] as const) {
    const operation = paths[`/v1/chains/{chain}/${way}`].post;
    expect(operation.parameters[0].schema.enum).toEqual(names);
    const body = operation.requestBody.content["application/json"];
    expect(body.schema).toEqual({
      $ref: `#/components/schemas/${way === "batch" ? "ChainBatchCall" : "ChainCall"}`,
    });
    const served = await call(way, body.examples.summarise.value);
    expect(served.status).toBe(200);
    await served.text();
  }
  const inputs = components.schemas.ChainCall.properties.input.anyOf;
  expect(inputs.map(({ required }: { required: unknown }) => required)).toEqual([
    ["text"],
    ["text", "schema"],
    ["text", "labels"],
    ["question", "sources"],
    ["question", "schema"],
    ["task"],
  ]);
  expect(paths["/api/chains"].get.operationId).toBe("listChains");
});

/** Goes away; how long the emulator takes to notice, ms. */
async function leave(leaving: AbortController): Promise<number> {
  const before = signalbox.ledger().length;
  const leftAtMs = performance.timeOrigin + performance.now();
  leaving.abort();
  await signalbox.eventually(() => signalbox.ledger().length > before);
  const row = signalbox.ledger().at(-1);
  expect(row?.outcome).toBe("aborted");
  return (row?.abortedAtMs ?? Number.POSITIVE_INFINITY) - leftAtMs;
}

test("a schema of the client's that is made to be slow holds up nobody", async () => {
  const said = `${"a".repeat(60)}b`;
  const extract = (schema: JsonObject) =>
    call("invoke", { input: { text: `[[say:"${said}"]]`, schema } }, { chain: "extract" });
  const unread = await extract({ type: "string", pattern: "^(a+)+$" });
  expect([unread.status, await unread.json()]).toEqual([
    502,
    expect.objectContaining({ code: "unparsable-answer" }),
  ]);
  const refused = await extract({ type: "string", pattern: "^(?=a)b" });
  expect([refused.status, await refused.json()]).toEqual([
    400,
    expect.objectContaining({ detail: expect.stringContaining("patterns of RE2") }),
  ]);
});
