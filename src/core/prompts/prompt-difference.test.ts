import { expect, test } from "vitest";
import { promptDifference } from "./prompt-difference.ts";
import { promptVersionSchema } from "./prompt-schema.ts";

const version = (...messages: readonly object[]) => promptVersionSchema.parse({ messages });

test("messages that were added, changed and taken away are told, by their place", () => {
  const before = version({ system: "a" }, { user: "b" }, { assistant: "c" }, { user: "d" });
  const after = version({ system: "A" }, { user: "b" }, { user: "d" }, { placeholder: "messages" });
  expect(promptDifference(before, after)).toEqual([
    { kind: "change", path: "messages.0", text: 'system "a" -> system "A"' },
    { kind: "remove", path: "messages.2", text: 'assistant "c"' },
    { kind: "add", path: "messages.3", text: 'placeholder "messages"' },
  ]);
});

test("so are the format, variables and partials", () => {
  const before = { messages: [{ user: "x" }], variables: { a: { type: "text" } }, partials: { p: 1 } };
  const after = { messages: [{ user: "x" }], format: "mustache", variables: { b: {} }, partials: { p: 2 } };
  expect(promptDifference(promptVersionSchema.parse(before), promptVersionSchema.parse(after))).toEqual([
    { kind: "change", path: "format", text: "format f-string -> mustache" },
    { kind: "remove", path: "variables.a", text: 'a {"type":"text"}' },
    { kind: "add", path: "variables.b", text: "b {}" },
    { kind: "change", path: "partials.p", text: "p 1 -> 2" },
  ]);
});

test("two that say the same differ in nothing", () => {
  expect(promptDifference(version({ user: "x" }), version({ user: "x" }))).toEqual([]);
});
