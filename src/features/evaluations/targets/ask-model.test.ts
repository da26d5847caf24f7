import { describe, expect, test } from "vitest";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { bodyText, FakeUpstream } from "../../../../test/support/fake-upstream.ts";
import { askModel } from "./ask-model.ts";

const server = { baseUrl: "http://signalbox.test/v1", headers: { authorization: "Bearer k" } };
const body = { model: "m", messages: [{ role: "user", content: "hi" }] };

function asking(signal = new AbortController().signal) {
  const upstream = new FakeUpstream();
  const time = new FakeTime();
  const ask = askModel({ upstream, clock: time, timers: time, timeoutMs: 1_000 });
  return { upstream, time, reply: ask(server, body, signal) };
}

describe("asking a model", () => {
  test("sends the body with the server's headers and tells the whole answer with its time", async () => {
    const { upstream, time, reply } = asking();
    const { call } = upstream.last;
    expect(call.url).toBe("http://signalbox.test/v1/chat/completions");
    expect(call.headers).toMatchObject({ authorization: "Bearer k", "content-type": "application/json" });
    expect(JSON.parse(bodyText(call.body))).toEqual(body);
    time.advance(250);
    upstream.answer(200, { choices: [] }, { "x-signalbox-request-id": "r" });
    expect(await reply).toMatchObject({
      kind: "answered",
      body: { choices: [] },
      headers: { "x-signalbox-request-id": "r" },
      latencyMs: 250,
    });
    expect(time.waiting).toBe(0);
  });

  test("overload is told with the wait that the server asks for", async () => {
    const { upstream, reply } = asking();
    upstream.answer(
      429,
      { error: { code: "rate_limit_exceeded", message: "slower" } },
      { "retry-after": "2" },
    );
    expect(await reply).toEqual({
      kind: "failed",
      code: "rate_limit_exceeded",
      message: "slower",
      status: 429,
      retryable: true,
      overload: true,
      waitMs: 2_000,
    });
  });

  test.each([
    [
      "an error of OpenAI's dialect",
      { error: { type: "invalid_request_error", message: "no" } },
      "invalid_request_error",
    ],
    ["a problem of RFC 9457", { code: "not-found", detail: "no such route" }, "not-found"],
    ["no words at all", "", "status-404"],
  ])("%s has its code", async (_name, answer, code) => {
    const { upstream, reply } = asking();
    upstream.answer(404, answer);
    expect(await reply).toMatchObject({
      kind: "failed",
      code,
      status: 404,
      retryable: false,
      overload: false,
    });
  });

  test("what is no JSON object is unreadable", async () => {
    const { upstream, reply } = asking();
    upstream.answer(200, "<html>");
    expect(await reply).toMatchObject({ kind: "failed", code: "unreadable", retryable: false });
  });

  test("a server that hangs is given up, and its call is closed", async () => {
    const { upstream, time, reply } = asking();
    time.advance(1_000);
    expect(await reply).toMatchObject({ kind: "failed", code: "timeout", retryable: true });
    expect(upstream.last.aborted).toBe(true);
  });

  test("a connection that breaks may be tried again", async () => {
    const { upstream, reply } = asking();
    upstream.last.listener.failed("reset", "the connection broke");
    expect(await reply).toMatchObject({
      kind: "failed",
      code: "unreachable",
      retryable: true,
      overload: false,
    });
  });

  test("a run that is stopped closes the call", async () => {
    const stop = new AbortController();
    const { upstream, reply } = asking(stop.signal);
    stop.abort();
    expect(await reply).toMatchObject({ kind: "failed", code: "stopped", retryable: false });
    expect(upstream.last.aborted).toBe(true);
  });

  test("an answer beyond every bound is given up", async () => {
    const { upstream, reply } = asking();
    upstream.last.listener.started(200, {});
    for (let megabyte = 0; megabyte <= 32; megabyte++)
      upstream.last.listener.data(Buffer.alloc(1024 * 1024, " "));
    expect(await reply).toMatchObject({ kind: "failed", code: "unreadable" });
    expect(upstream.last.aborted).toBe(true);
  });
});
