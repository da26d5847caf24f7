import { describe, expect, test } from "vitest";
import type { Message } from "#core/llm/message.ts";
import { promptOf, readOf } from "./prompt.fixture.ts";
import { joinPrompt } from "./join-prompt.ts";
import { unknownVariables } from "./prompt-values.ts";
import { renderPrompt } from "./render-prompt.ts";

const asked: readonly Message[] = [{ role: "user", parts: [{ type: "text", text: "Is it waterproof?" }] }];

/** Role and words of each message, or the problem. */
function rendered(written: unknown, values = {}, messages = asked, others = {}) {
  const result = renderPrompt(promptOf(written, others), { values, messages });
  if (!result.ok) return result.error;
  return result.value.map(
    ({ role, parts }) =>
      `${role}: ${parts.map((part) => (part.type === "text" ? part.text : part.type)).join("|")}`,
  );
}

describe("a prompt", () => {
  test("says its messages before the client's", () => {
    expect(rendered({ messages: [{ system: "You know {product}." }] }, { product: "Halma" })).toEqual([
      "system: You know Halma.",
      "user: Is it waterproof?",
    ]);
  });

  test("has the client's messages where it wants them, and examples and other messages around", () => {
    const written = {
      messages: [
        { system: "Be brief." },
        {
          examples: {
            messages: [{ user: "{q}?" }, { assistant: "{a}, says {who}." }],
            values: [
              { q: "one", a: 1 },
              { q: "two", a: [2] },
            ],
          },
        },
        { placeholder: "history", optional: true },
        { placeholder: "messages" },
        { assistant: "As {who} says:" },
      ],
      partials: { who: "Ada" },
    };
    const history = [{ role: "user", content: "before" }];
    expect(rendered(written, { history })).toEqual([
      "system: Be brief.",
      "user: one?",
      "assistant: 1, says Ada.",
      "user: two?",
      "assistant: [2], says Ada.",
      "user: before",
      "user: Is it waterproof?",
      "assistant: As Ada says:",
    ]);
    expect(rendered(written)).toHaveLength(7);
    expect(rendered(written, { history: "no list" })).toMatchObject({
      code: "wrong-variable",
      names: ["history"],
    });
    expect(rendered(written, { history: [{ role: "tool", content: "x" }] })).toMatchObject({
      code: "wrong-variable",
    });
  });

  test("shows pictures by their address, or themselves", () => {
    const prompt = promptOf({ messages: [{ user: [{ text: "Look:" }, { image: "{url}", detail: "low" }] }] });
    const partsOf = (url: string) => {
      const result = renderPrompt(prompt, { values: { url }, messages: [] });
      return result.ok ? result.value[0]?.parts[1] : undefined;
    };
    expect(partsOf("https://example.com/a.png")).toEqual({
      type: "media",
      kind: "image",
      detail: "low",
      source: { type: "url", url: "https://example.com/a.png" },
    });
    expect(partsOf("data:image/png;base64,AAAA")).toMatchObject({
      mimeType: "image/png",
      source: { type: "inline", base64: "AAAA" },
    });
  });

  test("includes others, whose variables are its own, and which may include others", () => {
    const others = {
      "tone@2": {
        messages: [{ system: "Speak {language}." }, { include: "house@1" }],
        partials: { by: "T" },
      },
      "house@1": { messages: [{ system: "For {company}, {by}." }], partials: { by: "H" } },
    };
    const written = { messages: [{ include: "tone@2" }], variables: { language: { default: "English" } } };
    expect(rendered(written, { company: "Example" }, [], others)).toEqual([
      "system: Speak English.",
      "system: For Example, H.",
    ]);
    expect(rendered(written, {}, [], others)).toMatchObject({
      code: "missing-variables",
      names: ["company"],
    });
  });

  test("that includes itself, what there is not, or too much is refused", () => {
    const join = (written: unknown, others: Readonly<Record<string, unknown>>) =>
      joinPrompt({ name: "a", version: 1 }, readOf(written), (name, version) => {
        const other = others[`${name}@${version}`];
        return other === undefined ? undefined : readOf(other);
      });
    const include = (reference: string) => ({ messages: [{ include: reference }] });
    expect(join(include("b@1"), { "b@1": include("a@1"), "a@1": include("b@1") })).toMatchObject({
      ok: false,
      error: { path: ["messages", 0, "include"], actual: "a@1 -> b@1 -> a@1" },
    });
    expect(join(include("b@2"), {})).toMatchObject({
      ok: false,
      error: { actual: '"b@2", which there is not' },
    });
    // Each includes the next one twice.
    const twice = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `p${at}@1`,
        {
          messages:
            at === 29
              ? [{ user: "x" }]
              : Array.from({ length: 12 }, () => include(`p${at + 1}@1`).messages).flat(),
        },
      ]),
    );
    expect(join(include("p0@1"), twice)).toMatchObject({ ok: false });
    expect(join({ messages: [{ user: "{a}" }], variables: { b: {} } }, {})).toMatchObject({
      ok: false,
      error: { path: ["variables", "b"] },
    });
  });
});

describe("variables are strict", () => {
  const written = {
    messages: [{ system: "{tone} {count} {list} {note}" }],
    variables: {
      tone: { enum: ["kind", "brief"] },
      count: { type: "number" },
      list: { type: "list", max_length: 2, default: [] },
      note: { type: "text", required: false, max_length: 3 },
    },
  };
  const good = { tone: "kind", count: 2 };

  test("defaults are taken, and what may be missing is nothing", () => {
    expect(rendered(written, good, [])).toEqual(["system: kind 2 [] "]);
  });

  test("all that are missing are named at once", () => {
    expect(rendered(written, {})).toMatchObject({
      code: "missing-variables",
      names: ["tone", "count"],
      message: 'prompt "support@1" wants "tone", "count", which the request does not bring',
    });
  });

  test.each([
    [{ ...good, tone: "rude" }, "tone", 'one of "kind", "brief"'],
    [{ ...good, count: "2" }, "count", "a number"],
    [{ ...good, count: null }, "count", "a number"],
    [{ ...good, list: [1, 2, 3] }, "list", "at most 2 items"],
    [{ ...good, note: "long" }, "note", "at most 3 characters"],
    [{ ...good, note: {} }, "note", "a text"],
  ])("%j is refused", (values, name, wanted) => {
    const problem = rendered(written, values);
    expect(problem).toMatchObject({ code: "wrong-variable", names: [name] });
    expect(JSON.stringify(problem)).toContain(JSON.stringify(wanted).slice(1, -1));
  });

  test("null is missing where nothing else is wanted, and no value of another request's prototype counts", () => {
    expect(rendered({ messages: [{ user: "{constructor}" }] }, {})).toMatchObject({ names: ["constructor"] });
  });

  test("values that no prompt uses are named, those of another variant's prompt are not", () => {
    const one = promptOf({ messages: [{ user: "{a}" }] });
    const other = promptOf({ messages: [{ user: "{b}" }] });
    expect(unknownVariables([one, other], { a: 1, b: 2 })).toBeUndefined();
    expect(unknownVariables([one, other], { a: 1, c: 2, d: 3 })).toMatchObject({ names: ["c", "d"] });
    expect(unknownVariables([], { a: 1 })).toMatchObject({ names: ["a"] });
  });

  test("a missing part of an object is named, in a section it is nothing", () => {
    const mustache = (user: string) => ({ format: "mustache", messages: [{ user }] });
    expect(rendered(mustache("{{who.name}}"), { who: {} })).toMatchObject({ names: ["who.name"] });
    expect(rendered(mustache("{{#who}}{{name}}{{/who}}!"), { who: { a: 1 } }, [])).toEqual(["user: !"]);
  });

  test("more than fits is refused", () => {
    const written = { messages: [{ user: "{a}" }] };
    expect(rendered(written, { a: "x".repeat(1_000_001) })).toMatchObject({ code: "too-long" });
  });
});
