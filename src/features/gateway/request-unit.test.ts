import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { requestUnit } from "#features/gateway/request-unit.ts";

const requestId = "0199b2a0-0000-7000-8000-000000000000";

function asked(body: object) {
  const decoded = openaiChat.server.decodeRequest(
    { model: "m", messages: [{ role: "user", content: "hi" }], ...body },
    {},
  );
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

function unitOf(body: object, header?: string) {
  return requestUnit({ header, request: asked(body), requestId });
}

describe("the unit of a request", () => {
  test("is what the header says, before everything else", () => {
    expect(unitOf({ user: "ann" }, "tenant-7")).toEqual({ name: "tenant-7", source: "header" });
  });

  test("is the body's user, or the user its metadata names", () => {
    expect(unitOf({ user: "ann" })).toEqual({ name: "ann", source: "user" });
    expect(unitOf({ metadata: { user_id: "bob" } })).toEqual({ name: "bob", source: "user" });
  });

  test("is the conversation where nobody is named: every later turn gives the same", () => {
    const system = { role: "system", content: "Be brief" };
    const first = { role: "user", content: "What is a semaphore?" };
    const begun = unitOf({ messages: [system, first] });
    expect(begun.source).toBe("conversation");
    const answered = { role: "assistant", content: "A signal" };
    const later = [system, first, answered, { role: "user", content: "And a mutex?" }];
    expect(unitOf({ messages: later })).toEqual(begun);
    expect(unitOf({ messages: [system, { role: "user", content: "Another" }] })).not.toEqual(begun);
    expect(unitOf({ messages: [first] })).not.toEqual(begun);
  });

  test("of a prompt of a million characters is told by its beginning, its end and its length", () => {
    const long = "x".repeat(1_000_000);
    const unitOfPrompt = (content: string) => unitOf({ messages: [{ role: "user", content }] });
    const unit = unitOfPrompt(`a${long}b`);
    expect(unit.name.length).toBeLessThan(5_000);
    expect(unitOfPrompt(`a${long}b`)).toEqual(unit);
    for (const other of [`b${long}b`, `a${long}a`, `a${long}xb`])
      expect(unitOfPrompt(other)).not.toEqual(unit);
  });

  test("of prompts of one template is told by what differs in their middle", () => {
    const instruction = "Answer in one word, and give no reason. ".repeat(40);
    const unitOfOrder = (order: string) =>
      unitOf({ messages: [{ role: "user", content: `${instruction}Order ${order}. ${instruction}` }] });
    expect(unitOfOrder("100-201")).not.toEqual(unitOfOrder("100-202"));
  });

  test("is the request itself where it is no conversation", () => {
    expect(requestUnit({ header: undefined, request: undefined, requestId })).toEqual({
      name: requestId,
      source: "request",
    });
  });
});
