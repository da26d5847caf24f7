import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { SignalboxProcess, workFolder } from "../support/signalbox-process.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Prompts that have the emulator say which of them was sent: it answers what stands behind \`say\` of the last message. */
const prompts = `
prompts:
  support:
    versions:
      1: { messages: [{ placeholder: messages }, { user: "[[say:one about {product}]]" }] }
      2: { messages: [{ placeholder: messages }, { user: "[[say:two about {product}, {tone}]]" }] }
    labels: { production: 1, candidate: 2 }
  plain:
    versions:
      1: { format: mustache, messages: [{ system: "Be brief." }, { user: "[[say:{{#items}}<{{name}}>{{/items}}]]" }] }
`;

const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
  in-house: { dialect: openai-chat, base_url: "EMULATOR/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
  compatible: { provider: in-house, model: qwen3-32b }
${prompts.trim()}
variants:
  now: { pool: [flash], prompt: support@production }
  next: { pool: [lite], prompt: support@candidate }
  fixed: { pool: [compatible], prompt: support@1 }
  listing: { pool: [compatible], prompt: plain@1 }
  bare: { pool: [flash] }
routes:
  support: { strategy: { use: now } }
  canary: { strategy: { weighted: { now: 50%, next: 50% } } }
  other-dialect: { strategy: { use: fixed } }
  listing: { strategy: { use: listing } }
  bare: { strategy: { use: bare } }
`;

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
});

afterAll(() => box.close());

interface Reply {
  readonly status: number;
  readonly body: JsonObject;
  readonly id: string;
}

async function call(method: string, path: string, body?: unknown): Promise<Reply> {
  const response = await fetch(box.url + path, {
    method,
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  const id = response.headers.get("x-signalbox-request-id") ?? "";
  return { status: response.status, body: isJsonObject(answer) ? answer : {}, id };
}

const messages = [{ role: "user", content: "Hello" }];

function ask(model: string, variables?: Json, more: JsonObject = {}): Promise<Reply> {
  const prompt = variables === undefined ? {} : { prompt_variables: variables };
  return call("POST", "/v1/chat/completions", { model, messages, ...prompt, ...more });
}

/** The words of an answer, or what is wrong. */
async function said(reply: Promise<Reply>): Promise<unknown> {
  const { body } = await reply;
  const [choice] = isList(body["choices"]) ? body["choices"] : [];
  const message = isJsonObject(choice) ? choice["message"] : undefined;
  if (isJsonObject(message)) return message["content"];
  const error = body["error"];
  return isJsonObject(error) ? error["message"] : body;
}

async function promptOf(id: string): Promise<unknown> {
  const logged: unknown = await box.request(id);
  const decision = isJsonObject(logged) ? logged["decision"] : undefined;
  return isJsonObject(decision) ? decision["prompt"] : undefined;
}

describe("a variant's prompt", () => {
  test("is what the model is asked, over each pairing of dialects, and is recorded", async () => {
    expect(await said(ask("support", { product: "Halma" }))).toBe("one about Halma");
    expect(await said(ask("other-dialect", { product: "Halma" }))).toBe("one about Halma");
    expect(await said(ask("listing", { items: [{ name: "a" }, { name: "b" }] }))).toBe("<a><b>");
    expect(await promptOf((await ask("support", { product: "x" })).id)).toBe("support@1");
    expect(await promptOf((await ask("bare")).id)).toBeNull();
    const gemini = await call("POST", "/v1beta/models/support:generateContent", {
      contents: [{ role: "user", parts: [{ text: "Hello" }] }],
      promptVariables: { product: "Halma" },
    });
    expect(JSON.stringify(gemini.body)).toContain("one about Halma");
  });

  test("is streamed, and needs no messages beside it", async () => {
    const response = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "support",
        messages: [],
        stream: true,
        prompt_variables: { product: "Halma" },
      }),
    });
    const contents = [...(await response.text()).matchAll(/"content":"([^"]*)"/g)].map(([, text]) => text);
    expect(contents.join("")).toBe("one about Halma");
  });

  test.each([
    ["/v1/messages", { max_tokens: 50, messages: [] }],
    ["/v1/responses", { input: [] }],
    ["/v1/responses", {}],
  ])("needs no messages beside it by %s with %j, which a variant without one does", async (path, body) => {
    const asked = (model: string, product: JsonObject) =>
      call("POST", path, { model, ...body, prompt_variables: product });
    const answered = await asked("support", { product: "Halma" });
    expect(answered.status).toBe(200);
    expect(JSON.stringify(answered.body)).toContain("one about Halma");
    const refused = await asked("bare", {});
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain("at least one message is wanted");
    expect((await call("POST", path, { model: "support", ...body })).status).toBe(400);
  });

  test("counts: its words are tokens of the request", async () => {
    const count = async (model: string, promptVariables: JsonObject) => {
      const contents = [{ role: "user", parts: [{ text: "Hello" }] }];
      const path = `/v1beta/models/${model}:countTokens`;
      return Number(
        (await call("POST", path, { generateContentRequest: { model, contents, promptVariables } })).body[
          "totalTokens"
        ],
      );
    };
    expect(await count("support", { product: "Halma ".repeat(50) })).toBeGreaterThan(
      await count("support", { product: "Halma" }),
    );
  });
});

test("explain shows the prompt of the variant as it would be sent, or why it cannot be", async () => {
  const explained = async (route: string, request: JsonObject) =>
    (await call("POST", `/api/routes/${route}/explain`, { request })).body["prompt"];
  const before = box.ledger().length;
  expect(await explained("support", { messages, prompt_variables: { product: "Halma" } })).toMatchObject({
    version: "support@1",
    messages: expect.arrayContaining([
      { role: "user", parts: [{ type: "text", text: expect.stringContaining("about Halma") }] },
    ]),
    problem: null,
  });
  expect(await explained("support", { messages })).toEqual({
    version: "support@1",
    messages: null,
    problem: expect.stringContaining('wants "product", which the request does not bring'),
  });
  expect(
    await explained("support", { messages, prompt_variables: { product: "Halma", other: 1 } }),
  ).toMatchObject({ problem: expect.stringContaining('"other" is used by no variant') });
  expect(await explained("bare", { messages })).toBeNull();
  expect(box.ledger()).toHaveLength(before);
});

describe("variables are strict", () => {
  test("missing ones are named, with a status of 400", async () => {
    expect((await ask("support")).status).toBe(400);
    expect(await said(ask("support"))).toBe(
      'Cannot render the prompt of "support": prompt "support@1" wants "product", which the request does not bring',
    );
    expect((await ask("support", { product: null })).status).toBe(400);
    expect((await ask("support", "no object")).status).toBe(400);
  });

  test("those of another variant of the route may come, those of none may not", async () => {
    expect((await ask("canary", { product: "Halma", tone: "kind" })).status).toBe(200);
    expect(await said(ask("canary", { product: "Halma", tone: "kind", colour: "red" }))).toContain(
      '"colour" is used by no variant',
    );
    expect((await ask("support", { product: "Halma", tone: "kind" })).status).toBe(400);
    expect((await ask("bare", { product: "Halma" })).status).toBe(400);
    expect((await ask("flash", { product: "Halma" })).status).toBe(400);
    expect((await ask("bare", {})).status).toBe(200);
  });
});

test("a label moves without a change in the application, and back", async () => {
  const asked = () => said(ask("support", { product: "Halma" }));
  expect(await asked()).toBe("one about Halma");
  const published = await call("POST", "/api/prompts/support/versions", {
    version: { messages: [{ placeholder: "messages" }, { user: "[[say:three about {product}]]" }] },
    label: "production",
    comment: "shorter",
  });
  expect(published).toMatchObject({ status: 200, body: { prompt: "support", version: 3 } });
  expect(await asked()).toBe("three about Halma");
  expect((await call("GET", "/api/prompts/support")).body).toMatchObject({
    versions: [1, 2, 3],
    labels: { production: 3, candidate: 2 },
    variants: [
      { variant: "now", version: 3 },
      { variant: "next", version: 2 },
      { variant: "fixed", version: 1 },
    ],
  });
  const moved = await call("POST", "/api/prompts/support/labels", { label: "production", version: "1" });
  expect(moved).toMatchObject({ status: 200, body: { version: 1 } });
  expect(await asked()).toBe("one about Halma");
});

describe("the API", () => {
  test("shows a version, what two differ in, and what one makes of values", async () => {
    expect((await call("GET", "/api/prompts")).body["prompts"]).toMatchObject([
      { name: "plain" },
      { name: "support" },
    ]);
    expect((await call("GET", "/api/prompts/support/versions/candidate")).body).toMatchObject({
      version: 2,
      labels: ["candidate"],
      variables: [{ name: "product", required: true }, { name: "tone" }],
    });
    expect((await call("GET", "/api/prompts/support/diff?from=1&to=2")).body).toMatchObject({
      changes: [{ kind: "change", path: "messages.1" }],
    });
    const render = (variables: JsonObject) =>
      call("POST", "/api/prompts/plain/versions/1/render", { variables, messages });
    expect((await render({ items: [{ name: "x" }] })).body["messages"]).toEqual([
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      { role: "user", parts: [{ type: "text", text: "[[say:<x>]]" }] },
      { role: "user", parts: [{ type: "text", text: "Hello" }] },
    ]);
    expect(await render({})).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('"items"') },
    });
    expect(await render({ items: [], more: 1 })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('"more"') },
    });
    expect((await call("GET", "/api/prompts/none")).status).toBe(404);
    expect((await call("GET", "/api/prompts/support/versions/none")).status).toBe(404);
  });

  test("publishes what LangChain has, and gives it back", async () => {
    const exported = await call("GET", "/api/prompts/plain/versions/1/langchain");
    const imported = await call("POST", "/api/prompts/langchain", { prompt: exported.body["prompt"] });
    expect(imported.status).toBe(200);
    const { version } = imported.body;
    expect(await call("POST", "/api/prompts/from-langchain/versions", { version })).toMatchObject({
      status: 200,
      body: { prompt: "from-langchain", version: 1 },
    });
    expect(await call("POST", "/api/prompts/langchain", { prompt: { lc: 1 } })).toMatchObject({
      status: 400,
    });
  });

  test("refuses what cannot be read, with its problems", async () => {
    const broken = { version: { messages: [{ user: "{" }] } };
    expect(await call("POST", "/api/prompts/support/versions", broken)).toMatchObject({
      status: 422,
      body: { errors: [{ wanted: "a template of the format f-string" }] },
    });
  });
});

test("commands do the same", async () => {
  using folder = workFolder("version: 1\n");
  const file = join(dirname(folder.environment.SIGNALBOX_CONFIG), "version.yaml");
  await writeFile(file, 'messages:\n  - user: "[[say:four about {product}]]"\n');
  const run = async (...words: readonly string[]) => {
    const { status, out, err } = await runSignalbox(box.url, "prompts", ...words);
    expect([status, err]).toEqual([0, ""]);
    return out;
  };
  expect(await run("publish", "commanded", file, "--label", "production", "--comment", "first")).toContain(
    "In force: commanded@1",
  );
  expect(await run("list")).toMatch(/commanded +1 +production: 1/);
  expect(await run("show", "commanded", "production")).toContain("needs product: anything");
  expect(await run("render", "commanded", "1", "--variables", '{"product": "Halma"}')).toContain(
    "user: [[say:four about Halma]]",
  );
  await writeFile(file, 'messages:\n  - user: "[[say:five about {product}]]"\n');
  await run("publish", "commanded", file);
  expect(await run("diff", "commanded", "1", "2")).toContain("~ messages.0: user");
  expect(await run("label", "commanded", "production", "2")).toContain("In force: commanded@2");
  const { status, err } = await runSignalbox(box.url, "prompts", "render", "commanded", "1");
  expect([status, err]).toEqual([2, expect.stringContaining('wants "product"')]);
  expect(
    (await runSignalbox(box.url, "prompts", "render", "commanded", "1", "--variables", "[")).status,
  ).toBe(2);
});

describe("a version never changes", () => {
  const apply = (text: string) => call("POST", "/api/configuration/apply", { text });
  const inForce = async () => {
    const { body } = await call("GET", "/api/configuration/versions");
    const [newest] = isList(body["versions"]) ? body["versions"] : [];
    const number = isJsonObject(newest) && typeof newest["number"] === "number" ? newest["number"] : 0;
    const { text } = (await call("GET", `/api/configuration/versions/${number}`)).body;
    return typeof text === "string" ? text : "";
  };

  test("another content is refused, with where it differs; so is taking away what is used", async () => {
    const text = await inForce();
    expect(await apply(text.replace("one about", "uno about"))).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            field: "prompts.support.versions.1",
            wanted: expect.stringContaining('version 1 of prompt "support" as it is in force'),
            actual: "another one: messages.1.user differs",
          },
        ],
      },
    });
    const removed = await apply(text.replace(/ {6}1: \{ messages: [^\n]*\n/, ""));
    expect(removed).toMatchObject({ status: 422 });
    expect(JSON.stringify(removed.body["errors"])).toContain("variants.fixed.prompt");
    expect((await apply(`# only a comment\n${text}`)).status).toBe(200);
  });

  test("a version that nobody uses can be taken away", async () => {
    expect(
      (
        await apply(
          (await inForce())
            .replace(/prompt: support@candidate/, "prompt: support@1")
            .replace(/, candidate: 2/, "")
            .replace(/ {6}2: \{ messages: [^\n]*\n/, ""),
        )
      ).status,
    ).toBe(200);
  });
});

test("a file in the folder prompts is a prompt, and is named where it is wrong", async () => {
  using folder = workFolder(
    configuration
      .replaceAll("EMULATOR", "http://127.0.0.1:9")
      .replace(prompts.trim(), "")
      .replace(/ {2}(listing|fixed|next): \{ pool[^\n]*\n/g, "")
      .replace(/ {2}(canary|other-dialect|listing): \{ strategy[^\n]*\n/g, ""),
  );
  const directory = join(dirname(folder.environment.SIGNALBOX_CONFIG), "prompts");
  await mkdir(directory);
  const file = join(directory, "support.yaml");
  const text =
    'versions:\n  1:\n    messages:\n      - user: "[[say:file about {product}]]"\nlabels: { production: 1 }\n';
  await writeFile(file, text);
  const environment = { ...folder.environment, IN_HOUSE_KEY: "x" };
  await using process = SignalboxProcess.start(environment);
  const url = await process.url();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "support", messages: [], prompt_variables: { product: "Halma" } }),
  });
  expect(await response.text()).toContain("file about Halma");
  await writeFile(file, text.replace("{product}", "{product"));
  const planned = await runSignalbox(url, "plan", folder.environment.SIGNALBOX_CONFIG);
  expect(planned).toMatchObject({ status: 1 });
  expect(planned.err).toContain(
    "prompts/support.yaml:4:15 prompts.support.versions.1.messages.0.user: wanted a template",
  );
}, 60_000);
