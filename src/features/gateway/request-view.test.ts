import { expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import { RequestView, routingState } from "#features/gateway/request-view.ts";

function view(messages: Json, arrival: Partial<Arrival> = {}): RequestView {
  const decoded = openaiChat.server.decodeRequest({ model: "m", messages }, {});
  if (!decoded.ok) expect.unreachable(decoded.error.message);
  const known = { requestId: "r1", startedAtMs: 0, startedMs: 0, queueMs: 0, dialect: openaiChat, tags: {} };
  return new RequestView({ arrival: { ...known, ...arrival }, request: decoded.value }, routingState());
}

const question = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Hello there" },
  { role: "assistant", content: "Hello" },
  { role: "user", content: "Write a Python function that adds two numbers." },
];

test("the newest message of the user is looked at, and no more than 4,096 characters of it", () => {
  expect(view(question).newestMessage()).toBe("Write a Python function that adds two numbers.");
  expect(view([{ role: "user", content: "x".repeat(9_999) }]).newestMessage()).toHaveLength(4_096);
  expect(view([{ role: "system", content: "Be brief." }]).newestMessage()).toBe("");
});

test("characteristics are made once", () => {
  const asked = view(question);
  expect(asked.characteristics()).toMatchObject({ code: true, language: "en" });
  expect(asked.characteristics()).toBe(asked.characteristics());
});

test("the system prompt has a hash of its own, whatever the user says", () => {
  const hash = view(question).characteristics().systemPrompt;
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(view(question.slice(0, 2)).characteristics().systemPrompt).toBe(hash);
  expect(view(question.slice(1)).characteristics().systemPrompt).toBeUndefined();
});

test("a conversation keeps its key from turn to turn; a unit that is named goes before it", () => {
  expect(view(question).stickyKey("conversation")).toBe(view(question.slice(0, 2)).stickyKey("conversation"));
  expect(view(question, { conversation: "c1" }).stickyKey("conversation")).toBe("c1");
  expect(view(question, { unit: "ann" }).stickyKey("unit")).toBe("ann");
  expect(view(question, { unit: "ann" }).stickyKey("conversation")).not.toBe("ann");
});

test("headers and callers are told as they came", () => {
  const asked = view(question, {
    headers: { "x-team": "search", "x-list": ["a", "b"] },
    principal: { kind: "key", keyId: "k1", scopes: [] },
  });
  expect([asked.header("x-team"), asked.header("x-list"), asked.header("x-none")]).toEqual([
    "search",
    "a, b",
    undefined,
  ]);
  expect(asked.caller).toEqual({ kind: "key", keyId: "k1" });
  expect(view(question).caller).toEqual({ kind: "anyone" });
});

test("turns are counted for each strategy by itself", () => {
  const asked = view(question);
  const [one, other] = [{}, {}];
  expect([asked.turn(one), asked.turn(one), asked.turn(other)]).toEqual([0, 1, 0]);
});
