import { expect, test } from "vitest";
import { geminiResources } from "#core/dialects/gemini/resources/resources.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import type { ResourceCall } from "#core/dialects/resources.ts";
import { MemoryClient } from "../../../../test/support/memory-client.ts";
import { ResourceReader } from "./resource-reader.ts";

const create: ResourceCall = { kind: "interaction", action: "create", query: "" };
const get: ResourceCall = { kind: "cached-content", action: "get", id: "google~c1", query: "" };
const created = event({
  event_type: "interaction.created",
  interaction: { id: "i1", status: "in_progress" },
});
const delta = event({ event_type: "step.delta", index: 0, delta: { type: "text", text: "words" } });
const completed = event({
  event_type: "interaction.completed",
  interaction: { id: "i1", status: "completed", usage: { total_output_tokens: 2 } },
});

function event(body: { readonly event_type: string; readonly [field: string]: unknown }): string {
  return `event: ${body.event_type}\ndata: ${JSON.stringify(body)}\n\n`;
}

function reading(call: ResourceCall) {
  const client = new MemoryClient();
  const reader = new ResourceReader({
    call,
    resources: geminiResources,
    rung: { provider: "google", dialect: gemini },
    client,
    nowMs: () => 0,
    start: () => client.start(200, {}),
  });
  return { client, reader, send: (text: string) => reader.data(Buffer.from(text)) };
}

const stream = { "content-type": "text/event-stream" };
const json = { "content-type": "application/json" };

test("nothing of a stream goes out before its first content; then all does, under the client's names", () => {
  const { client, reader, send } = reading(create);
  reader.started(200, stream);
  expect(send(created)).toBe("nothing");
  expect([reader.committed, client.text]).toEqual([false, ""]);
  expect(send(delta)).toBe("content");
  expect(send(completed)).toBe("content");
  expect(send("data: [DONE]\n\n")).toBe("nothing");
  expect(reader.ended()).toBeUndefined();
  expect(client.text).toBe(
    `${created.replace("i1", "google~i1")}${delta}${completed.replace("i1", "google~i1")}data: [DONE]\n\n`,
  );
  expect(reader.answer).toMatchObject({
    upstreamId: "i1",
    usage: { outputTokens: 2 },
    finish: { reason: "stop" },
  });
});

test("a stream that ends without saying how is not whole, and what came of it is counted", () => {
  const { reader, send } = reading(create);
  reader.started(200, stream);
  send(created + delta);
  expect(reader.ended()).toMatchObject({ kind: "incomplete-answer" });
  expect(reader.answer.seenOutputTokens).toBe(2);
});

test("an error event before any content is a failure that another may make good", () => {
  const { client, reader, send } = reading(create);
  reader.started(200, stream);
  expect(send(created + event({ event_type: "error", error: { message: "Overloaded" } }))).toMatchObject({
    kind: "server-error",
    message: "Overloaded",
  });
  expect([reader.committed, client.text]).toEqual([false, ""]);
});

test("what is not there says nothing of model or key, unless nothing was named", () => {
  const missing = JSON.stringify({ error: { code: 404, message: "Batch not found", status: "NOT_FOUND" } });
  const named = reading(get);
  named.reader.started(404, json);
  named.send(missing);
  expect(named.reader.ended()).toMatchObject({ kind: "invalid-request", status: 404 });
  const made = reading(create);
  made.reader.started(404, json);
  made.send(missing);
  expect(made.reader.ended()).toMatchObject({ kind: "model-gone" });
});

test("an empty answer is an empty object, one that is no JSON is malformed", () => {
  const empty = reading({ ...get, action: "delete" });
  empty.reader.started(200, json);
  expect([empty.reader.ended(), empty.reader.body]).toEqual([undefined, "{}"]);
  const page = reading(get);
  page.reader.started(200, { "content-type": "text/html" });
  page.send("<html>");
  expect(page.reader.ended()).toMatchObject({ kind: "malformed-answer" });
});
