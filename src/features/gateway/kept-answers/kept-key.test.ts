import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import type { Json } from "#core/kernel/json.ts";
import { keptKey, type KeptQuestion } from "./kept-key.ts";

const key = (keyId: string) => ({ principal: { kind: "key" as const, keyId, scopes: [] } });

function asked(body: { readonly [name: string]: Json } = {}) {
  const messages = [{ role: "user", content: "hi" }];
  const decoded = openaiChat.server.decodeRequest({ model: "r", messages, ...body }, {});
  if (!decoded.ok) expect.unreachable(decoded.error.message);
  return decoded.value;
}

function keyOf(changes: Partial<KeptQuestion> = {}) {
  const question = {
    route: "r",
    assigned: undefined,
    request: asked(),
    arrival: key("one"),
    requires: undefined,
    shared: false,
  };
  return keptKey({ ...question, ...changes });
}

describe("the key of a kept answer", () => {
  test("is the same for a stream, in another dialect, and under another name of the route", () => {
    expect(keyOf({ request: asked({ stream: true, model: "alias" }) })).toBe(keyOf());
    const other = gemini.server.decodeRequest(
      { contents: [{ role: "user", parts: [{ text: "hi" }] }] },
      { model: "r" },
    );
    if (!other.ok) expect.unreachable(other.error.message);
    expect(keyOf({ request: other.value })).toBe(keyOf());
  });

  test.each([
    ["what is asked", { request: asked({ messages: [{ role: "user", content: "ho" }] }) }],
    ["a parameter", { request: asked({ temperature: 0.1 }) }],
    ["the form of the answer", { request: asked({ response_format: { type: "json_object" } }) }],
    ["a field that only one dialect has", { request: asked({ logit_bias: { "1": 2 } }) }],
    ["the route", { route: "s" }],
    ["the variant that an experiment assigned", { assigned: "v" }],
    ["the caller", { arrival: key("two") }],
    ["a caller without a key", { arrival: { principal: { kind: "anyone" as const } } }],
    ["the unit", { arrival: { ...key("one"), unit: "ann" } }],
    ["the user", { request: asked({ user: "ann" }) }],
    ["where it must be answered", { requires: { region: ["eu"] } }],
  ])("is another one with %s", (_, changes) => {
    expect(keyOf(changes)).not.toBe(keyOf());
  });

  test("is one for all callers where the route shares its answers", () => {
    const shared = keyOf({ shared: true });
    expect(keyOf({ shared: true, arrival: { ...key("two"), unit: "ann" } })).toBe(shared);
    expect(keyOf({ shared: true, request: asked({ user: "bob" }) })).toBe(shared);
    expect(keyOf({ shared: true, requires: { region: ["eu"] } })).not.toBe(shared);
    expect(keyOf({ shared: true, assigned: "v" })).not.toBe(shared);
    expect(shared).not.toBe(keyOf());
  });
});
