import { Readable } from "node:stream";
import fc from "fast-check";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestIdPattern } from "#core/kernel/request-id.ts";
import { rawExchange, rawRequest } from "../support/raw-http.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Every path that takes a body, with a body that is fine and the dialect it speaks. */
const endpoints = [
  {
    path: "/v1/chat/completions",
    dialect: "openai",
    fine: { model: "chat", messages: [{ role: "user", content: "hi" }] },
  },
  { path: "/v1/responses", dialect: "openai", fine: { model: "chat", input: "hi" } },
  { path: "/openai/v1/responses/input_tokens", dialect: "openai", fine: { model: "chat", input: "hi" } },
  { path: "/openai/v1/embeddings", dialect: "openai", fine: { model: "gemini-embedding-2", input: "hi" } },
  {
    path: "/v1beta/models/chat:generateContent",
    dialect: "gemini",
    fine: { contents: [{ parts: [{ text: "hi" }] }] },
  },
  {
    path: "/v1beta/models/chat:streamGenerateContent?alt=sse",
    dialect: "gemini",
    fine: { contents: [{ parts: [{ text: "hi" }] }] },
  },
  {
    path: "/gemini/v1/models/chat:countTokens",
    dialect: "gemini",
    fine: { contents: [{ parts: [{ text: "hi" }] }] },
  },
  {
    path: "/v1beta/models/gemini-embedding-2:embedContent",
    dialect: "gemini",
    fine: { content: { parts: [{ text: "hi" }] } },
  },
  {
    path: "/v1/messages",
    dialect: "anthropic",
    fine: { model: "chat", max_tokens: 100, messages: [{ role: "user", content: "hi" }] },
  },
  {
    path: "/anthropic/v1/messages/count_tokens",
    dialect: "anthropic",
    fine: { model: "chat", messages: [{ role: "user", content: "hi" }] },
  },
  {
    path: "/v1beta/models/gemini-embedding-2:batchEmbedContents",
    dialect: "gemini",
    fine: { requests: [{ model: "models/gemini-embedding-2", content: { parts: [{ text: "hi" }] } }] },
  },
] as const;

type Dialect = (typeof endpoints)[number]["dialect"];

let box: TestSignalbox;
beforeAll(async () => {
  box = await startTestSignalbox();
});
afterAll(() => box.close());

/** Sends a body as it is. */
function post(path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  return fetch(box.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : Buffer.from(body),
  });
}

/** An error is in its dialect's shape, has the right status twice, and carries the request's id. */
async function expectError(response: Response, dialect: Dialect, status: number): Promise<string> {
  const text = await response.text();
  expect({ status: response.status, text }).toEqual({ status, text });
  expect(response.headers.get("x-signalbox-request-id")).toMatch(requestIdPattern);
  expect(response.headers.get("content-type")).toContain("application/json");
  const body = JSON.parse(text);
  const { error } = body;
  if (dialect === "openai") {
    expect(error).toEqual({
      message: expect.any(String),
      type: expect.any(String),
      param: error.param === null ? null : expect.any(String),
      code: error.code === null ? null : expect.any(String),
    });
  } else if (dialect === "anthropic") {
    expect(body).toEqual({
      type: "error",
      error: { type: expect.stringMatching(/^[a-z_]+$/), message: expect.any(String) },
      request_id: response.headers.get("request-id"),
    });
  } else {
    expect(error).toMatchObject({
      code: status,
      message: expect.any(String),
      status: expect.stringMatching(/^[A-Z_]+$/),
    });
  }
  expect(error.message).not.toBe("");
  return error.message;
}

describe.each(endpoints)("$path", ({ path, dialect, fine }) => {
  const secret = "planted-secret";

  test("answers what is fine", async () => {
    const response = await post(path, JSON.stringify(fine));
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  });

  test.each([
    ["empty", ""],
    ["malformed", `{"a": "${secret}"`],
    ["a second value", `{}{"a": "${secret}"}`],
    ["null", "null"],
    ["a number", "7"],
    ["text", `"${secret}"`],
    ["a list", `["${secret}"]`],
    ["an empty object", "{}"],
    [
      "no UTF-8",
      Buffer.concat([Buffer.from(`{"a": "${secret}`), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    ],
    ["UTF-16", Buffer.from(JSON.stringify(fine), "utf16le")],
    ["a hundred thousand brackets", "[".repeat(100_000)],
    ["a hundred thousand objects in each other", '{"a":'.repeat(100_000)],
    ["a million values", `{"a":[${"0,".repeat(1_000_000)}0]}`],
  ])("a body that is %s gets 400", async (_name, body) => {
    const message = await expectError(await post(path, body), dialect, 400);
    expect(message).not.toContain(secret);
  });

  test("each field of a wrong type gets an error, never one of ours", async () => {
    for (const key of Object.keys(fine)) {
      for (const wrong of [null, 7, true, secret, [], [null], [7], {}, { a: secret }, [[]], [{ a: [] }]]) {
        const response = await post(path, JSON.stringify({ ...fine, [key]: wrong }));
        expect([key, wrong, response.status < 500]).toEqual([key, wrong, true]);
        await response.arrayBuffer();
      }
    }
  });

  test("a wrong type of content, an encoding, get 415", async () => {
    const body = JSON.stringify(fine);
    for (const type of [
      "text/plain",
      "multipart/form-data; boundary=x",
      "application/x-www-form-urlencoded",
      "image/png",
    ])
      await expectError(await post(path, body, { "content-type": type }), dialect, 415);
    for (const encoding of ["gzip", "br", "zstd", "x"])
      await expectError(await post(path, body, { "content-encoding": encoding }), dialect, 415);
  });

  test.each(["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])(
    "%s gets 405 and the method to use",
    async (method) => {
      const response = await fetch(box.url + path, { method });
      await expectError(response, dialect, 405);
      expect(response.headers.get("allow")).toBe("POST");
    },
  );

  test("headers of ours that cannot be read get 400", async () => {
    for (const [name, value] of [
      ["x-signalbox-deadline-ms", "soon"],
      ["x-signalbox-deadline-ms", "1e999"],
      ["x-signalbox-tags", secret],
      ["x-signalbox-tags", "a=1,a=2"],
    ] as const) {
      const message = await expectError(
        await post(path, JSON.stringify(fine), { [name]: value }),
        dialect,
        400,
      );
      expect(message).toContain(name);
      expect(message).not.toContain(secret);
    }
  });

  test("fields nobody knows, __proto__ and constructor among them, break nothing", async () => {
    const body = JSON.stringify(fine).replace(
      "{",
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{}},"\\u0000":1,',
    );
    const response = await post(path, body);
    expect(response.status).toBeLessThan(500);
    await response.arrayBuffer();
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("a body over the bound gets 413 at once, announced or not, and the connection is closed", async () => {
    const announced = await rawExchange(
      box.url,
      rawRequest(`POST ${path}`, {
        "content-type": "application/json",
        connection: "keep-alive",
        "content-length": "4000000000",
      }),
    );
    expect([announced.status, announced.headers["connection"]]).toEqual([413, "close"]);
    const chunk = Buffer.concat([
      Buffer.from("100000\r\n"),
      Buffer.alloc(0x100000, " "),
      Buffer.from("\r\n"),
    ]);
    const streamed = await rawExchange(
      box.url,
      rawRequest(`POST ${path}`, {
        "content-type": "application/json",
        connection: "keep-alive",
        "transfer-encoding": "chunked",
      }),
      ...Array.from({ length: 36 }, () => chunk),
    );
    expect([streamed.status, streamed.headers["connection"]]).toEqual([413, "close"]);
    expect(JSON.parse(streamed.body)).toHaveProperty(
      "error.message",
      expect.stringContaining("bytes are wanted"),
    );
  });

  test("any JSON at all is answered, and never by a failure of ours", async () => {
    const keys = [
      ...Object.keys(fine),
      "stream",
      "tools",
      "temperature",
      "n",
      "stop",
      "generationConfig",
      "systemInstruction",
    ];
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...Object.values(fine)));
    const body = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.dictionary(fc.constantFrom(...keys), value).map((fields) => ({ ...fine, ...fields })),
    );
    await fc.assert(
      fc.asyncProperty(body, async (json) => {
        const response = await post(path, JSON.stringify(json));
        await response.arrayBuffer();
        expect(response.status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });
});

describe("models", () => {
  test("a model that is not there gets 404, however it is written", async () => {
    for (const model of [
      "nothing",
      "\0",
      "a\ud800b",
      "../../etc/passwd",
      "__proto__",
      "constructor",
      "m".repeat(100_000),
      "\u202e",
      " ",
    ]) {
      const body = JSON.stringify({ ...endpoints[0].fine, model });
      const message = await expectError(await post("/v1/chat/completions", body), "openai", 404);
      expect(message.length).toBeLessThan(250);
    }
  });

  test.each([
    "%",
    "%zz",
    "%00",
    "%ff",
    "%c0%af",
    "..%2f..%2fetc",
    "x".repeat(20_000),
    "__proto__",
    "a%0d%0ax-injected:%201",
  ])("the model %s of a path gets 404", async (model) => {
    const answer = await rawExchange(
      box.url,
      rawRequest(
        `POST /v1beta/models/${model}:generateContent`,
        { "content-type": "application/json" },
        '{"contents":[{"parts":[{"text":"hi"}]}]}',
      ),
    );
    expect(answer.status).toBe(404);
    expect(answer.headers).not.toHaveProperty("x-injected");
    expect(JSON.parse(answer.body)).toHaveProperty("error.status", "NOT_FOUND");
    const looked = await rawExchange(box.url, rawRequest(`GET /v1/models/${model}`));
    expect(looked.status).toBe(404);
    expect(looked.body.length).toBeLessThan(400);
  });

  test("of a key that stands twice the last value counts, for us and for the provider", async () => {
    const messages = '"messages":[{"role":"user","content":"hi"}]';
    const response = await post(
      "/v1/chat/completions",
      `{"model":"gemini-3.8-flash","mod\\u0065l":"compatible",${messages}}`,
    );
    expect(response.headers.get("x-signalbox-deployment")).toBe("compatible");
    await response.arrayBuffer();
    expect(box.ledger().at(-1)?.model).toBe("qwen3-32b");
  });

  test("numbers beyond all bounds get 400", async () => {
    const body = '{"model":"chat","temperature":1e999,"messages":[{"role":"user","content":"hi"}]}';
    expect(await expectError(await post("/v1/chat/completions", body), "openai", 400)).toContain(
      "temperature",
    );
  });

  test("ten thousand messages are served", async () => {
    const messages = Array.from({ length: 10_000 }, (_, at) => ({
      role: at % 2 ? "assistant" : "user",
      content: "x",
    }));
    const response = await post(
      "/v1/chat/completions",
      JSON.stringify({ model: "chat", messages: [...messages, { role: "user", content: "hi" }] }),
    );
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  });

  test("media that nothing here takes are an error of the client's", async () => {
    for (const part of [
      { type: "image_url", image_url: { url: "data:image/png;base64,@@@" } },
      { type: "hologram", hologram: {} },
    ]) {
      const body = JSON.stringify({ model: "chat", messages: [{ role: "user", content: [part] }] });
      const response = await post("/v1/chat/completions", body);
      expect([part.type, response.status]).toEqual([part.type, 400]);
      await response.arrayBuffer();
    }
  });
});

describe("paths of a dialect that are not served", () => {
  test.each([
    ["/v1/responses/resp_1", "openai"],
    ["/openai/v1/files", "openai"],
    ["/v1beta/models/chat:fly", "gemini"],
    ["/v1beta/files", "gemini"],
  ] as const)("%s gets 404 in the dialect %s", async (path, dialect) => {
    await expectError(await post(path, "{}"), dialect, 404);
    await expectError(await fetch(box.url + path), dialect, 404);
  });
});

describe("bytes that are no good HTTP", () => {
  const json = "content-type: application/json\r\n";
  const start = `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n${json}`;

  test.each([
    ["two lengths", `${start}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
    ["length and chunks", `${start}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["an unknown transfer encoding", `${start}transfer-encoding: xchunked\r\n\r\n{}`],
    ["chunked, but not last", `${start}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ["a negative length", `${start}content-length: -1\r\n\r\n{}`],
    ["a length in hexadecimal", `${start}content-length: 0x2\r\n\r\n{}`],
    ["a space before the colon", `${start}content-length : 2\r\n\r\n{}`],
    ["a folded header", `${start}x-a: 1\r\n  2\r\ncontent-length: 2\r\n\r\n{}`],
    ["line feeds alone", `${start}content-length: 2\r\n\r\n{}`.replaceAll("\r\n", "\n")],
    ["NUL in a header", `${start}x-a: a\0b\r\ncontent-length: 2\r\n\r\n{}`],
    ["no host", "GET /v1/models HTTP/1.1\r\n\r\n"],
    ["a bad chunk size", `${start}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
  ])("%s: 400, and the connection is closed", async (_name, bytes) => {
    expect((await rawExchange(box.url, bytes)).status).toBe(400);
  });

  test("headers, or a URL, over the bound get 431", async () => {
    const long = "x".repeat(40_000);
    expect((await rawExchange(box.url, rawRequest("GET /v1/models", { "x-long": long }))).status).toBe(431);
    expect((await rawExchange(box.url, rawRequest(`GET /v1/models/${long}`))).status).toBe(431);
  });

  test("a body shorter than announced ends with its connection and calls nobody", async () => {
    const before = box.ledger().length;
    const agent = new Agent();
    const abort = new AbortController();
    const body = Readable.from(
      (async function* () {
        yield Buffer.from('{"model":');
        await new Promise((resolve) => setImmediate(resolve));
        abort.abort();
      })(),
    );
    await expect(
      request(`${box.url}/v1/chat/completions`, {
        method: "POST",
        body,
        headers: { "content-length": "100" },
        dispatcher: agent,
        signal: abort.signal,
      }),
    ).rejects.toThrow();
    await agent.close();
    await box.eventually(async () => (await box.requests()).some(({ status }) => status === 499));
    expect(box.ledger()).toHaveLength(before);
  });

  test("a request smuggled behind another is just the next request", async () => {
    const inner = "GET /v1/models/smuggled HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    const answer = await rawExchange(box.url, `${start}content-length: 2\r\n\r\n{}${inner}`);
    expect(answer.text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400", "HTTP/1.1 404"]);
  });
});

describe("a gateway without keys", () => {
  test.each(["/v1/models", "/v1beta/models", "/api/requests", "/metrics", "/docs", "/livez"])(
    "answers %s to nobody who came by another name, or from another site",
    async (path) => {
      for (const headers of [
        { host: "evil.example" },
        { host: "evil.example:8080" },
        { host: "127.0.0.1", origin: "https://evil.example" },
      ] as const) {
        const answer = await rawExchange(box.url, rawRequest(`GET ${path}`, headers));
        expect(answer.status).toBe(403);
        expect(JSON.parse(answer.body).detail).toContain("SIGNALBOX_ADMIN_KEY");
      }
      const own = await rawExchange(box.url, rawRequest(`GET ${path}`, { host: "localhost" }));
      expect(own.status).toBeLessThan(400);
    },
  );
});

test("after all of this it serves on", async () => {
  const response = await post("/v1/chat/completions", JSON.stringify(endpoints[0].fine));
  expect(response.status).toBe(200);
  expect((await fetch(`${box.url}/readyz`)).status).toBe(200);
});
