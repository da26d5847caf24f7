import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Two Google accounts, one pool over both, and a server of another kind. */
const configuration = `
version: 1
providers:
  eu: { dialect: gemini, base_url: "EMULATOR/v1beta", api_key: "\${KEY_EU}", private_network: true }
  us: { dialect: gemini, base_url: "EMULATOR/v1beta", api_key: "\${KEY_US}", private_network: true }
  in-house: { dialect: openai-chat, base_url: "EMULATOR/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments:
  eu-flash: { provider: eu, model: gemini-3.8-flash }
  us-flash: { provider: us, model: gemini-3.8-flash }
  compatible: { provider: in-house, model: qwen3-32b }
variants:
  both: { pool: [eu-flash, us-flash] }
  warm: { pool: [eu-flash], parameters: { max_output_tokens: 50 } }
routes:
  chat: { strategy: { use: both } }
  warm-chat: { strategy: { use: warm } }
`;

const contents = [{ role: "user", parts: [{ text: "Forty levers and a kettle. ".repeat(200) }] }];

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox({
    configuration,
    variables: { KEY_EU: "key-eu", KEY_US: "key-us", IN_HOUSE_KEY: "key" },
  });
});

afterAll(() => signalbox.close());

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  url = signalbox.url,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { "x-goog-api-key": "unused", "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // Every answer of these paths is a JSON object.
  const parsed = (await response.json()) as Answer["body"];
  return { status: response.status, body: parsed, headers: response.headers };
}

function messageOf({ body }: Answer): string {
  const { error } = body;
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : "";
}

async function cacheAt(model: string): Promise<string> {
  const made = await call("POST", "/v1beta/cachedContents", {
    model: `models/${model}`,
    contents,
    ttl: "300s",
  });
  expect(made.status).toBe(200);
  return String(made.body["name"]);
}

test("what is made at one of two providers is found there by its name, and by requests that refer to it", async () => {
  const name = await cacheAt("us-flash");
  expect(name).toMatch(/^cachedContents\/us~\w+$/);
  expect((await call("GET", `/v1beta/${name}`)).body).toMatchObject({
    name,
    model: "models/gemini-3.8-flash",
  });
  for (let round = 0; round < 6; round++) {
    const answer = await call("POST", "/v1beta/models/chat:generateContent", {
      contents: [{ role: "user", parts: [{ text: "How many?" }] }],
      cachedContent: name,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-signalbox-deployment")).toBe("us-flash");
    expect(answer.body["usageMetadata"]).toMatchObject({ cachedContentTokenCount: expect.any(Number) });
  }
  const counted = await call("POST", "/v1beta/models/us-flash:countTokens", {
    contents: [{ role: "user", parts: [{ text: "How many?" }] }],
  });
  expect(counted.status).toBe(200);
  const elsewhere = await call("POST", "/v1beta/models/eu-flash:generateContent", {
    contents: [{ role: "user", parts: [{ text: "How many?" }] }],
    cachedContent: name,
  });
  expect([elsewhere.status, messageOf(elsewhere)]).toEqual([
    400,
    'Cannot send "cachedContent" to deployment "eu-flash": its provider "eu" is wanted to keep it, "us" does',
  ]);
});

test("an OpenAI client uses a cache of Gemini's by the same name", async () => {
  const name = await cacheAt("us-flash");
  const answer = await call("POST", "/v1/chat/completions", {
    model: "chat",
    messages: [{ role: "user", content: "How many?" }],
    extra_body: { google: { cached_content: name } },
  });
  expect(answer.status).toBe(200);
  expect(answer.body["usage"]).toMatchObject({
    prompt_tokens_details: { cached_tokens: expect.any(Number) },
  });
});

test("a variant's parameters do not keep a cache from being found", async () => {
  const name = await cacheAt("eu-flash");
  const answer = await call("POST", "/v1beta/models/warm-chat:generateContent", {
    contents: [{ role: "user", parts: [{ text: "How many?" }] }],
    cachedContent: name,
  });
  expect(answer.body["usageMetadata"]).toMatchObject({ cachedContentTokenCount: expect.any(Number) });
});

test("an interaction goes on at the provider that remembers it, whichever of a route's it is", async () => {
  const first = await call("POST", "/v1beta/interactions", { model: "us-flash", input: "Hello" });
  const id = String(first.body["id"]);
  expect(id).toMatch(/^us~/);
  for (let round = 0; round < 4; round++) {
    const next = await call("POST", "/v1beta/interactions", {
      model: "chat",
      input: "And?",
      previous_interaction_id: id,
    });
    expect([next.status, next.headers.get("x-signalbox-deployment")]).toEqual([200, "us-flash"]);
  }
});

test("a call that names no provider asks for one, and finds the one that the header names", async () => {
  const name = await cacheAt("us-flash");
  const unnamed = await call("GET", "/v1beta/cachedContents");
  expect([unnamed.status, messageOf(unnamed)]).toEqual([
    400,
    'Cannot find cached-content: the provider is wanted, as in "eu~<id>" or in the header x-signalbox-provider; there are eu, us',
  ]);
  const listed = await call("GET", "/v1beta/cachedContents?pageSize=1000", undefined, {
    "x-signalbox-provider": "us",
  });
  expect(JSON.stringify(listed.body)).toContain(`"${name}"`);
  const other = await call("GET", "/v1beta/cachedContents", undefined, { "x-signalbox-provider": "eu" });
  expect(JSON.stringify(other.body)).not.toContain(name);
  const unknown = await call("GET", "/v1beta/batches/mars~abc");
  expect([unknown.status, messageOf(unknown)]).toEqual([
    404,
    'Cannot find provider "mars": no provider of the Gemini API with a deployment has that name',
  ]);
});

test("one provider's cache is none of another's", async () => {
  const id = (await cacheAt("us-flash")).slice("cachedContents/us~".length);
  const answer = await call("GET", `/v1beta/cachedContents/eu~${id}`);
  expect([answer.status, messageOf(answer)]).toEqual([404, "CachedContent not found (or permission denied)"]);
  // A name that is not there says nothing of the credential: the next call goes out.
  expect((await call("POST", "/v1beta/interactions", { model: "eu-flash", input: "Hi" })).status).toBe(200);
});

test("with one provider a plain name passes", async () => {
  await using alone = await startTestSignalbox();
  const made = await call(
    "POST",
    "/v1beta/cachedContents",
    { model: "models/gemini-3.8-flash", contents },
    {},
    alone.url,
  );
  const name = String(made.body["name"]);
  const plain = name.replace("google~", "");
  expect((await call("GET", `/v1beta/${plain}`, undefined, {}, alone.url)).body["name"]).toBe(name);
});

test("a server of another kind keeps nothing, and says so", async () => {
  const batch = await call("POST", "/v1beta/models/compatible:batchGenerateContent", { batch: {} });
  expect([batch.status, messageOf(batch)]).toEqual([
    400,
    'Cannot create batch at deployment "compatible": a provider of the Gemini API is wanted, "in-house" is none',
  ]);
});

test("an agent is not served, and a missing model is named", async () => {
  const agent = await call("POST", "/v1beta/interactions", { agent: "deep-research", input: "Find out" });
  expect([agent.status, messageOf(agent)]).toEqual([
    400,
    'Cannot create an interaction with "agent": a model is wanted, which a route or a deployment serves',
  ]);
  const none = await call("POST", "/v1beta/cachedContents", { contents });
  expect([none.status, messageOf(none)]).toEqual([
    400,
    'Cannot read "model": wanted the name of a model, got null',
  ]);
});

test("a batch is created once, an interaction tried again", async () => {
  const callsOf = () => signalbox.ledger().length;
  const request = { contents: [{ role: "user", parts: [{ text: "Hi" }] }] };
  signalbox.addFault({ fault: "503", count: 1, model: "gemini-3.8-flash" });
  const before = callsOf();
  const batch = await call("POST", "/v1beta/models/eu-flash:batchGenerateContent", {
    batch: { inputConfig: { requests: { requests: [{ request }] } } },
  });
  expect([batch.status, callsOf() - before]).toEqual([503, 1]);
  signalbox.addFault({ fault: "503", count: 1, model: "gemini-3.8-flash" });
  const interaction = await call("POST", "/v1beta/interactions", { model: "chat", input: "Hi" });
  expect([interaction.status, callsOf() - before]).toEqual([200, 3]);
});

test("paths take their methods, and /v1 is Gemini's only for its clients", async () => {
  const patched = await call("PATCH", "/v1beta/batches/eu~abc", {});
  expect([patched.status, patched.headers.get("allow")]).toEqual([405, "GET, DELETE"]);
  const response = await fetch(`${signalbox.url}/v1/batches`, {
    headers: { authorization: "Bearer unused" },
  });
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { error: { type: expect.any(String) } },
  ]);
  const google = await call("GET", "/v1/batches", undefined, { "x-signalbox-provider": "us" });
  expect(google.status).toBe(200);
});
