import fc from "fast-check";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { asFString } from "./f-string.ts";
import { renderRoom, renderTemplate } from "./render-template.ts";
import { parseTemplate } from "./template.ts";
import type { TemplateFormat } from "./template-parts.ts";

/** What a template makes of values; undefined where it cannot be read, or wants more than there is. */
function ours(format: TemplateFormat, text: string, values: JsonObject): string | undefined {
  const template = parseTemplate(format, text);
  if (!template.ok) return undefined;
  const rendered = renderTemplate(template.value, values, { room: renderRoom(), absent: new Set() });
  return rendered.missing.length > 0 || rendered.cut ? undefined : rendered.text;
}

/** The same by LangChain. */
async function theirs(
  templateFormat: TemplateFormat,
  text: string,
  values: JsonObject,
): Promise<string | undefined> {
  try {
    const prompt = ChatPromptTemplate.fromMessages([["human", text]], {
      templateFormat,
      validateTemplate: false,
    });
    const { messages } = await prompt.invoke({ ...values });
    return messages[0]?.text;
  } catch {
    return undefined;
  }
}

describe("as LangChain does, f-strings", () => {
  test.each([
    ["Hello {name}", { name: "Ada" }],
    ["{{}} {a}{b}", { a: "1", b: "2" }],
    ["{{a}} {a} {{{a}}}", { a: "x" }],
    ["a list {a} and an object {b}", { a: [1, "two"], b: { c: true } }],
    ["{a} {b}", { a: 1.5, b: false }],
    ["{a", { a: "1" }],
    ["a}", { a: "1" }],
    ["}{a}", { a: "1" }],
    ["{a} {missing}", { a: "1" }],
    ["line\n{a}\nline", { a: "{b}" }],
  ])("render %j", async (text, values) => {
    expect(ours("f-string", text, values)).toBe(await theirs("f-string", text, values));
  });

  test("of any pieces", async () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "{{",
      "}}",
      "{a}",
      "{b}",
      "{c}",
      " ",
      "\n",
      "a",
      "ö",
      "{{a}}",
      "😀",
    );
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { minLength: 1, maxLength: 12 }),
        value,
        value,
        async (pieces, a, b) => {
          const text = pieces.join("");
          // A name with white space or braces is none here; LangChain takes it for one.
          fc.pre(
            [...text.replaceAll("{{", "").matchAll(/\{([^}]*)\}/g)].every(([, name]) =>
              /^[abc]$/.test(name ?? ""),
            ),
          );
          expect(ours("f-string", text, { a, b })).toBe(await theirs("f-string", text, { a, b }));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("any text can be written as a template that stands for it", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(ours("f-string", asFString(text), {})).toBe(text);
      }),
    );
  });
});

describe("as LangChain does, mustache", () => {
  const values = {
    name: "Ada",
    html: '<b> & "quotes"',
    n: 0,
    yes: true,
    no: false,
    empty: [],
    list: [{ name: "one" }, { name: "two", deep: { x: 1 } }],
    words: ["a", "b"],
    user: { name: "Bob", address: { city: "Paris" } },
  };
  test.each([
    "Hello {{name}}",
    "{{html}} {{{html}}} {{&html}}",
    "{{ name }} {{{ name }}} {{& name }}",
    "{{n}} {{user.name}} {{user.address.city}}",
    "{{#list}}- {{name}}\n{{/list}}",
    "{{#words}}[{{.}}]{{/words}}",
    "{{^empty}}nothing{{/empty}}{{#empty}}never{{/empty}}",
    "{{#no}}x{{/no}}{{^no}}y{{/no}}{{#yes}}z{{name}}{{/yes}}",
    "{{#n}}x{{/n}}{{^n}}zero{{/n}}",
    "{{#user}}{{name}} in {{address.city}}, {{html}}{{/user}}",
    "a\n{{#list}}\n  {{name}}\n{{/list}}\nb",
    "a\n  {{! a comment }}\nb {{! another }} c",
    "a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc",
    "  {{#yes}}  \n  x\n  {{/yes}}",
    "{{#list}}{{#deep}}{{x}}{{/deep}}{{^deep}}none{{/deep}};{{/list}}",
    "{{#yes}}{{name}}",
    "{{/yes}}",
    "{{#yes}}{{/no}}",
    "{{name",
    "{ {name} } {name}",
  ])("render %j", async (text) => {
    expect(ours("mustache", text, values)).toBe(await theirs("mustache", text, values));
  });

  test("of any pieces", async () => {
    const tags = [
      "{{name}}",
      "{{{html}}}",
      "{{#list}}",
      "{{/list}}",
      "{{^empty}}",
      "{{/empty}}",
      "{{#user}}",
    ];
    const more = ["{{/user}}", "\n", "  ", "x", "{{! c }}", "{{#yes}}", "{{/yes}}", "{{n}}", "}", "{"];
    const piece = fc.constantFrom(...tags, ...more);
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 14 }), async (pieces) => {
        const text = pieces.join("");
        // A tag that names no variable, as pieces make it by chance, is refused here; LangChain finds nothing under it.
        const inside = [...text.matchAll(/\{\{([\s\S]*?)\}\}/g)];
        fc.pre(
          inside.every(([, inner = ""]) => /^(name|n|! c |\{html|[#^/](list|empty|user|yes))$/.test(inner)),
        );
        expect(ours("mustache", text, values)).toBe(await theirs("mustache", text, values));
      }),
      { numRuns: 500 },
    );
  });

  test("what only mustache has is refused in words", () => {
    expect(parseTemplate("mustache", "{{> other}}")).toMatchObject({
      ok: false,
      error: expect.stringContaining("include"),
    });
    expect(parseTemplate("mustache", "{{=<% %>=}}")).toMatchObject({ ok: false });
    expect(parseTemplate("mustache", "{{a b}}")).toMatchObject({ ok: false });
    expect(parseTemplate("mustache", "{{#a}}".repeat(40) + "{{/a}}".repeat(40))).toMatchObject({ ok: false });
  });
});

test("a template is read in linear time, whatever is left open in it", () => {
  const blanks = " ".repeat(200_000);
  for (const text of [
    `{{${blanks}`,
    `{{{${blanks}`,
    `{{a${blanks}b}}`,
    "{{".repeat(100_000),
    "{{{a}} ".repeat(30_000),
  ])
    expect(parseTemplate("mustache", text)).toMatchObject({ ok: false });
  expect(parseTemplate("mustache", `{{ #${blanks}a }}{{/a${blanks}}}`)).toMatchObject({ ok: true });
});

test("rendering ends within its room, whatever sections multiply", () => {
  const list = Array.from({ length: 1_000 }, (_, at) => at);
  const deep = "{{#list}}".repeat(6) + "{{/list}}".repeat(6);
  for (const text of [deep, `{{#list}}{{#list}}${"x".repeat(1_000)}{{/list}}{{/list}}`]) {
    const template = parseTemplate("mustache", text);
    if (!template.ok) expect.unreachable(template.error);
    const { cut, text: made } = renderTemplate(
      template.value,
      { list },
      { room: renderRoom(), absent: new Set() },
    );
    expect(cut).toBe(true);
    expect(made.length).toBeLessThanOrEqual(1_000_000);
  }
});

test("rendering is total: no template and no value makes it throw", () => {
  fc.assert(
    fc.property(fc.constantFrom("f-string", "mustache"), fc.string(), fc.json(), (format, text, json) => {
      const values = { a: JSON.parse(json) } as JsonObject;
      for (const written of [text, `${text}{a}{{a}}{{#a}}{{.}}{{a.b}}{{/a}}`]) ours(format, written, values);
    }),
  );
});
