import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { moduleFolder } from "../support/module-folder.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Classes of modules that do what no class should, and one that does what it is asked for. */
const house = `
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";

class House extends BaseChatModel {
  #fields: any;
  constructor(fields: any) { super(fields); this.#fields = fields; }
  _llmType() { return "house"; }
  async _generate(messages: any[]) {
    const text = messages.at(-1).text;
    if (text === "key") throw Object.assign(new Error("The key " + this.#fields.apiKey + " is refused"), { status: 401 });
    if (text === "own") throw new TypeError("own words of the module");
    if (text === "word") throw Object.assign(new Error("too many"), { lc_error_code: "MODEL_RATE_LIMIT" });
    if (text === "reset") throw Object.assign(new Error("gone"), { code: "ECONNRESET" });
    if (text === "nothing") throw undefined;
    return { generations: [{ text, message: new AIMessage(this.#fields.prefix + text) }] };
  }
  async *_streamResponseChunks(messages: any[], options: any) {
    const text = messages.at(-1).text;
    const chunk = (content: any, more = {}) => new ChatGenerationChunk({ text: "", message: new AIMessageChunk({ content, ...more }) });
    yield chunk("one ");
    if (text === "throw") throw Object.assign(new Error("broken in the middle"), { status: 500 });
    if (text === "hang") await new Promise((_, reject) => options.signal.addEventListener("abort", () => reject(new Error("aborted"))));
    if (text === "deaf") await new Promise(() => {});
    if (text === "endless") for (;;) { await new Promise((resolve) => setImmediate(resolve)); yield chunk("more "); }
    yield chunk("two");
    if (text !== "cut") yield chunk("", { response_metadata: { finish_reason: "stop" } });
  }
}
export { House };
export const notAClass = () => 1;
export const value = 42;
export class NotAModel { constructor() {} }
export class Thrower { constructor(fields: any) { throw new Error("no such region, key " + fields.apiKey); } }
/** A thing that calls itself a model and answers what is none. */
class Liar {
  _modelType() { return "base_chat_model"; }
  async invoke() { return 42; }
  async stream() { return (async function* () { yield { type: "ai", content: "a" }; yield "rubbish"; })(); }
}
class Iterless extends Liar { async stream() { return 42; } }
const trap = () => { throw new Error("looked at"); };
class Trapper extends Liar { async invoke() { throw new Proxy({}, { get: trap, getPrototypeOf: trap }); } }
export { Liar, Iterless, Trapper };
`;

const modules = {
  "models/house.ts": house,
  "models/throws.ts": 'throw new Error("at the top");',
  "models/waits.ts": "await new Promise(() => setInterval(() => {}, 1000));",
};

const provider = (exportName: string) =>
  `{ kind: langchain, module: ./models/house.ts, export: ${exportName}, options: { apiKey: "\${IN_HOUSE_KEY}", prefix: "said " } }`;

const bounds = "retries: { attempts: 1 }, deadlines: { first_token: 400ms, idle: 150ms, total: 600ms }";

/** What the class fails at; each has a deployment of its own, since one that failed is not asked for a while. */
const failing = ["key", "own", "word", "nothing", "throw", "cut", "hang", "deaf", "endless"];

const configuration = `
version: 1
modules: { allow: [./models/house.ts, ./models/throws.ts, ./models/absent.ts, "@langchain/not-installed", ./../house.ts] }
providers:
  house: ${provider("House")}
  locked: ${provider("House")}
  liar: ${provider("Liar")}
  iterless: ${provider("Iterless")}
  trapper: ${provider("Trapper")}
deployments:
  own: { provider: house, model: own-1 }
${failing.map((says) => `  fails-${says}: { provider: ${says === "key" ? "locked" : "house"}, model: own-${says} }`).join("\n")}
  lying: { provider: liar, model: lie-1 }
  iterless: { provider: iterless, model: lie-2 }
  trapping: { provider: trapper, model: trap-1 }
variants:
${failing.map((says) => `  variant-${says}: { pool: [fails-${says}] }`).join("\n")}
routes:
${failing.map((says) => `  route-${says}: { strategy: { use: variant-${says} }, ${bounds} }`).join("\n")}
`;

let signalbox: TestSignalbox;
const folder = moduleFolder(modules);

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration, folder: folder.path });
});

afterAll(async () => {
  await signalbox.close();
  folder[Symbol.dispose]();
});

function chat(model: string, content: string, stream = false): Promise<Response> {
  return signalbox.post("/v1/chat/completions", { model, stream, messages: [{ role: "user", content }] });
}

async function json(response: Response): Promise<JsonObject> {
  const body: unknown = await response.json();
  if (!isJsonObject(body)) throw new Error("An object is wanted");
  return body;
}

describe("a class of one's own", () => {
  test("is constructed with its options and answers", async () => {
    const answer = await json(await chat("own", "hello"));
    expect(answer).toMatchObject({
      choices: [{ message: { content: "said hello" }, finish_reason: "stop" }],
    });
  });

  test("streams as it goes", async () => {
    const text = await (await chat("own", "hello", true)).text();
    expect(contents(text)).toEqual(["one ", "two"]);
    expect(text).toContain("[DONE]");
  });

  test.each([
    { says: "key", status: 502, kind: "credential", told: "refused the gateway's credential" },
    { says: "own", status: 502, kind: "server-error", told: "The module's model threw TypeError" },
    { says: "word", status: 429, kind: "rate-limited", told: "at its rate limit" },
    { says: "nothing", status: 502, kind: "server-error", told: "threw something of type undefined" },
  ])("that throws ($says) is an upstream that failed: $kind", async ({ says, status, kind, told }) => {
    const response = await chat(`route-${says}`, says);
    const text = await response.text();
    expect({ status: response.status, text }).toMatchObject({ status });
    const logged = JSON.stringify(
      await signalbox.request(response.headers.get("x-signalbox-request-id") ?? ""),
    );
    expect(text).toContain(told);
    expect(logged).toContain(`"failure":"${kind}"`);
    expect(text + logged).not.toMatch(/in-house-key|own words/);
  });

  test.each(["throw", "cut", "hang", "deaf", "endless"])(
    "whose stream does not end as it should (%s) is never taken for a whole one",
    async (says) => {
      const response = await chat(`route-${says}`, says, true);
      const text = await textOf(response);
      expect(text).not.toContain("[DONE]");
      expect(contents(text).slice(0, 1)).toEqual(["one "]);
      const id = response.headers.get("x-signalbox-request-id") ?? "";
      await signalbox.eventually(async () => (await signalbox.request(id))["outcome"] === "failed");
    },
  );
});

test("what throws itself when it is looked at is an upstream that failed", async () => {
  const response = await chat("trapping", "hello");
  expect([response.status, await response.text()]).toEqual([
    502,
    expect.stringContaining("threw something that cannot be read"),
  ]);
});

describe("a class that answers what is no message", () => {
  test.each([
    ["lying", false],
    ["iterless", true],
  ])("%s (streamed: %s) is an upstream that failed", async (model, stream) => {
    const response = await chat(model, "hello", stream);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("The module's model gave no message");
  });

  test("in the middle of a stream ends it with an error", async () => {
    const text = await textOf(await chat("lying", "hello", true));
    expect(contents(text)).toEqual(["a"]);
    expect(text).toContain('"error"');
    expect(text).not.toContain("[DONE]");
  });
});

describe("refused, and what was in force stays:", () => {
  test.each([
    [
      "./models/house.ts",
      "notAClass",
      'an export "notAClass" that is a class is wanted, got one that is no class',
    ],
    ["./models/house.ts", "value", "got one that is of type number"],
    ["./models/house.ts", "absent", "got no such export"],
    ["./models/house.ts", "NotAModel", '"NotAModel" must be a LangChain chat model'],
    ["./models/house.ts", "Thrower", "it threw Error: no such region, key [secret]"],
    ["./models/throws.ts", "House", "the module must load, it threw Error: at the top"],
    ["./models/absent.ts", "House", "none is found"],
    ["@langchain/not-installed", "House", "none is found"],
    ["./../house.ts", "House", "none is found"],
    ["@langchain/openai", "ChatOpenAI", "a module that modules.allow at the top of this file lists"],
    ["../house.ts", "House", "a module that modules.allow at the top of this file lists"],
    ["node:child_process", "ChildProcess", "a module that modules.allow at the top of this file lists"],
  ])("%s %s", async (module, exportName, told) => {
    const added = `  bad: { kind: langchain, module: "${module}", export: ${exportName}, options: { apiKey: "\${IN_HOUSE_KEY}" } }`;
    const response = await applied(added);
    const text = await response.text();
    expect({ status: response.status, text }).toEqual({
      status: 422,
      text: expect.stringContaining(JSON.stringify(told).slice(1, -1)),
    });
    expect(text).not.toContain("in-house-key");
    expect((await chat("own", "hello")).status).toBe(200);
  });

  test.each([
    ["{ kind: langchain, export: House }", "the package of a LangChain chat model"],
    ["{ kind: langchain, module: ./models/house.ts }", "the name of the class in the module"],
    [
      "{ kind: langchain, module: ./models/house.ts, export: House, dialect: gemini }",
      "a module is no address",
    ],
    ["{ dialect: gemini, module: ./models/house.ts, emulate: always }", "kind: langchain beside it, or none"],
    ['{ api_key: "${IN_HOUSE_KEY}" }', "one of gemini, openai-chat"],
    [
      '{ kind: langchain, module: ./models/house.ts, export: House, options: { a: ["${ABSENT}"] } }',
      "the environment variable ABSENT to be set",
    ],
  ])("%s", async (written, told) => {
    const response = await applied(`  bad: ${written}`);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(told);
  });
});

/** What came of a stream, which may be broken off. */
async function textOf(response: Response): Promise<string> {
  if (!response.body) throw new Error("A body is wanted");
  let text = "";
  try {
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) text += piece;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return text;
}

/** Applies the configuration with one more provider and a deployment of it. */
function applied(added: string): Promise<Response> {
  const text = configuration
    .replace("deployments:", `${added}\ndeployments:\n  bad-1: { provider: bad, model: bad-1 }`)
    .replaceAll("EMULATOR", signalbox.emulatorUrl);
  return signalbox.post("/api/configuration/apply", { text });
}

/** The texts of a stream's chunks. */
function contents(stream: string): readonly string[] {
  return [...stream.matchAll(/"content":"([^"]+)"/g)].map(([, text = ""]) => text);
}
