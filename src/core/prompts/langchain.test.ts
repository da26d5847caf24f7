import { load } from "@langchain/core/load";
import { AIMessage } from "@langchain/core/messages";
import { ChatPromptTemplate, MessagesPlaceholder, PromptTemplate } from "@langchain/core/prompts";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { fromLangChain } from "./from-langchain.ts";
import { promptOf } from "./prompt.fixture.ts";
import { renderPrompt } from "./render-prompt.ts";
import { toLangChain } from "./to-langchain.ts";

/** The messages of one prompt, as LangChain formats what we export. */
async function byLangChain(written: unknown, values: JsonObject) {
  const exported = toLangChain(promptOf(written));
  if (!exported.ok) expect.unreachable(exported.error);
  const loaded = await load<ChatPromptTemplate>(JSON.stringify(exported.value));
  const { messages } = await loaded.invoke({ ...values });
  return messages.map((message) => [message.type, message.content]);
}

const roles = { system: "system", user: "human", assistant: "ai", tool: "tool" } as const;

/** The same by us. */
function byUs(written: unknown, values: JsonObject) {
  const rendered = renderPrompt(promptOf(written), { values, messages: [] });
  if (!rendered.ok) expect.unreachable(rendered.error.message);
  return rendered.value.map(({ role, parts }) => {
    const [first] = parts;
    const content =
      parts.length === 1 && first?.type === "text"
        ? first.text
        : parts.map((part) => {
            if (part.type === "text") return { type: "text", text: part.text };
            const url = part.type === "media" && part.source.type === "url" ? part.source.url : "";
            return { type: "image_url", image_url: { url, detail: "low" } };
          });
    return [roles[role], content];
  });
}

describe("what is exported is loaded by LangChain and says the same", () => {
  test.each([
    [
      "f-string",
      { messages: [{ system: "You {{}} know {product}." }, { user: "{q}" }] },
      { product: "Halma", q: [1] },
    ],
    [
      "mustache",
      { format: "mustache", messages: [{ system: "{{#list}}- {{name}}\n{{/list}}{{html}}" }] },
      { list: [{ name: "a" }, { name: "b" }], html: "<b>" },
    ],
    [
      "partials and defaults",
      {
        messages: [{ system: "{a} {b} {c}" }],
        partials: { a: "A" },
        variables: { b: { default: "B" }, c: { required: false } },
      },
      {},
    ],
    [
      "few-shot",
      {
        messages: [
          {
            examples: {
              messages: [{ user: "{q}" }, { assistant: "{a}" }],
              values: [
                { q: "1", a: "2" },
                { q: "3", a: "4" },
              ],
            },
          },
          { user: "{q}" },
        ],
      },
      { q: "5" },
    ],
    [
      "pictures",
      { messages: [{ user: [{ text: "Look, {name}" }, { image: "{url}", detail: "low" }] }] },
      { name: "Ada", url: "https://example.com/a.png" },
    ],
  ])("%s", async (_what, written, values) => {
    expect(await byLangChain(written, values)).toEqual(byUs(written, values));
  });

  test("partials that differ between messages cannot be told", () => {
    const prompt = promptOf(
      { messages: [{ include: "a@1" }, { include: "b@1" }] },
      {
        "a@1": { messages: [{ user: "{x}" }], partials: { x: 1 } },
        "b@1": { messages: [{ user: "{x}" }], partials: { x: 2 } },
      },
    );
    expect(toLangChain(prompt)).toMatchObject({ ok: false });
  });
});

describe("what LangChain serialises is imported", () => {
  const serialised = (prompt: unknown): Json => JSON.parse(JSON.stringify(prompt)) as Json;

  test("messages, placeholders, fixed messages, pictures", async () => {
    const theirs = ChatPromptTemplate.fromMessages([
      ["system", "You {{}} know {product}."],
      new MessagesPlaceholder({ variableName: "history", optional: true }),
      new AIMessage("I am {fixed}"),
      [
        "human",
        [
          { type: "text", text: "Look, {name}" },
          { type: "image_url", image_url: { url: "{url}", detail: "low" } },
        ],
      ],
    ]);
    const imported = fromLangChain(serialised(theirs));
    if (!imported.ok) expect.unreachable(imported.error);
    expect(imported.value).toEqual({
      format: "f-string",
      messages: [
        { system: "You {{}} know {product}." },
        { placeholder: "history", optional: true },
        { assistant: "I am {{fixed}}" },
        { user: [{ text: "Look, {name}" }, { image: "{url}", detail: "low" }] },
      ],
    });
    const values = { product: "Halma", name: "Ada", url: "https://example.com/a.png" };
    const { messages } = await theirs.invoke(values);
    expect(byUs(imported.value, values)).toEqual(
      messages.map((message) => [
        message.type,
        typeof message.content === "string" ? message.content : message.content.map((part) => ({ ...part })),
      ]),
    );
  });

  test("partials, mustache with its optional names, a prompt of one text", () => {
    // LangChain.js 1.4 leaves partial variables out of what it serialises, and reads them: Python writes them.
    const form = serialised(ChatPromptTemplate.fromMessages([["human", "{a}{b}"]]));
    const { kwargs } = form as { readonly kwargs: JsonObject };
    const partial = { ...(form as JsonObject), kwargs: { ...kwargs, partial_variables: { a: "A" } } };
    expect(fromLangChain(partial)).toMatchObject({ ok: true, value: { partials: { a: "A" } } });
    const mustache = ChatPromptTemplate.fromMessages([["human", "{{#x}}{{y}}{{/x}}"]], {
      templateFormat: "mustache",
    });
    expect(fromLangChain(serialised(mustache))).toMatchObject({
      ok: true,
      value: { format: "mustache", variables: { y: { required: false } } },
    });
    expect(fromLangChain(serialised(PromptTemplate.fromTemplate("Hello {x}")))).toMatchObject({
      ok: true,
      value: { messages: [{ user: "Hello {x}" }] },
    });
  });

  test("what we export is imported as it was", () => {
    const written = {
      format: "f-string",
      messages: [
        { system: "You know {product}." },
        { examples: { messages: [{ user: "{q}" }, { assistant: "{a}" }], values: [{ q: "1", a: "2" }] } },
        { placeholder: "messages" },
      ],
    };
    const exported = toLangChain(promptOf(written));
    expect(exported.ok && fromLangChain(exported.value)).toEqual({ ok: true, value: written });
  });

  test.each([
    ["no object of it", { a: 1 }],
    ["another class", { lc: 1, type: "constructor", id: ["x", "LLMChain"], kwargs: {} }],
    ["no messages", { lc: 1, type: "constructor", id: ["ChatPromptTemplate"], kwargs: {} }],
    [
      "a message that is none",
      { lc: 1, type: "constructor", id: ["ChatPromptTemplate"], kwargs: { messages: [1] } },
    ],
    [
      "a message of another kind",
      {
        lc: 1,
        type: "constructor",
        id: ["ChatPromptTemplate"],
        kwargs: { messages: [{ lc: 1, type: "constructor", id: ["ToolMessage"], kwargs: {} }] },
      },
    ],
    [
      "a template of no format",
      {
        lc: 1,
        type: "constructor",
        id: ["PromptTemplate"],
        kwargs: { template_format: "jinja2", template: "x" },
      },
    ],
    [
      "a template that is broken",
      { lc: 1, type: "constructor", id: ["PromptTemplate"], kwargs: { template: "{" } },
    ],
  ])("%s is refused", (_what, form) => {
    expect(fromLangChain(form)).toMatchObject({ ok: false });
  });
});
