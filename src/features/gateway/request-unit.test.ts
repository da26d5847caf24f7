import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { ExperimentUnit } from "#core/routing/experiment.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import { experimentUnit, requestUnit } from "#features/gateway/request-unit.ts";

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

describe("the unit of an experiment", () => {
  const arrival = { requestId, startedAtMs: 0, startedMs: 0, queueMs: 0, dialect: openaiChat, tags: {} };
  const unitFor = (by: ExperimentUnit, said: Partial<Arrival> = {}, body: object = {}) =>
    experimentUnit(by, { arrival: { ...arrival, ...said }, request: asked(body) });

  test("is the user of the header, else of the body", () => {
    expect(unitFor("user", { unit: "ann" }, { user: "bob" })).toEqual({
      name: "ann",
      kind: "unit",
      stable: true,
    });
    expect(unitFor("user", {}, { user: "bob" }).name).toBe("bob");
  });

  test("is the session that the client says", () => {
    expect(unitFor("session", { session: "s-1", unit: "ann" })).toEqual({
      name: "s-1",
      kind: "unit",
      stable: true,
    });
  });

  test("is the conversation that the client says, else its first turns", () => {
    const said = unitFor("conversation", { conversation: "c-1" });
    expect(said).toEqual({ name: "c-1", kind: "conversation", stable: true });
    const messages = [
      { role: "user", content: "hi" },
      { role: "assistant", content: "hello" },
      { role: "user", content: "why?" },
    ];
    expect(unitFor("conversation", {}, { messages })).toEqual(unitFor("conversation"));
  });

  test("is the value of a tag", () => {
    const tags = { tenant: "acme", empty: "" };
    expect(unitFor({ tag: "tenant" }, { tags })).toEqual({ name: "acme", kind: "unit", stable: true });
    expect(unitFor({ tag: "empty" }, { tags }).stable).toBe(false);
    expect(unitFor({ tag: "toString" }, { tags }).stable).toBe(false);
  });

  test.each(["user", "session", { tag: "tenant" }] as const)(
    "is the request by itself where there is none: %j",
    (by) => {
      expect(unitFor(by)).toEqual({ name: requestId, kind: "unit", stable: false });
    },
  );
});
