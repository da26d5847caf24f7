import { HumanMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { startEmulator } from "#emulator/start-emulator.ts";
import { RoutedChatModel, SignalboxError, usageOf } from "#frameworks/langchain/index.ts";

// The emulator's OpenAI face stands in for Signalbox: it speaks the same protocol over real HTTP.
function modelAt(baseUrl: string, apiKey = "key") {
  return new RoutedChatModel({ model: "some-model", url: baseUrl, apiKey });
}

test("answers whole and streamed over HTTP, from an address with and without /v1", async () => {
  await using emulator = await startEmulator();
  const whole = await modelAt(emulator.url).invoke("[[say:Hello there]]");
  expect(whole.text).toBe("Hello there");
  let streamed = "";
  let tokens = 0;
  for await (const chunk of await modelAt(`${emulator.url}/v1/`).stream("[[say:Hello there]]")) {
    streamed += chunk.text;
    tokens += usageOf(chunk)?.total_tokens ?? 0;
  }
  expect(streamed).toBe("Hello there");
  expect(tokens).toBe(usageOf(whole)?.total_tokens);
});

test("an error answer is thrown with its status and message", async () => {
  await using emulator = await startEmulator();
  const error: unknown = await modelAt(emulator.url, "invalid-key")
    .invoke("Hi")
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SignalboxError);
  expect(error).toMatchObject({ status: 401 });
});

test.each(["html-200", "html-502"])("%s in place of an answer is an error, not an answer", async (fault) => {
  await using emulator = await startEmulator();
  await expect(modelAt(emulator.url).invoke(`[[fault:${fault}]]`)).rejects.toThrow(SignalboxError);
  await expect(modelAt(emulator.url).stream(`[[fault:${fault}]]`)).rejects.toThrow(SignalboxError);
  expect(emulator.ledger.rows().map((row) => row.fault)).toEqual([fault, fault]);
});

test.each(["end-after-tokens", "truncated-frame", "no-finish-reason", "error-frame", "malformed-frame"])(
  "a stream with %s fails after what it gave",
  async (fault) => {
    await using emulator = await startEmulator();
    let text = "";
    const reading = (async () => {
      for await (const chunk of await modelAt(emulator.url).stream(`[[tokens=20]] [[fault:${fault}]]`)) {
        text += chunk.text;
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(text.length).toBeGreaterThan(0);
    expect(emulator.ledger.rows()).toMatchObject([{ fault }]);
  },
);

test("a stream whose connection is cut fails", async () => {
  await using emulator = await startEmulator();
  const reading = (async () => {
    for await (const chunk of await modelAt(emulator.url).stream(
      "[[tokens=20]] [[fault:cut-after-tokens=5]]",
    )) {
      expect(chunk.text).toBeTypeOf("string");
    }
  })();
  await expect(reading).rejects.toThrow();
  expect(emulator.ledger.rows()).toMatchObject([{ outcome: "failed" }]);
});

test.each(["slow-drip", "line-end-cr", "line-end-crlf", "multi-line-data", "comments"])(
  "a stream with %s is read whole",
  async (fault) => {
    await using emulator = await startEmulator();
    let text = "";
    for await (const chunk of await modelAt(emulator.url).stream(`[[say:héllo wörld]] [[fault:${fault}]]`)) {
      text += chunk.text;
    }
    expect(text).toBe("héllo wörld");
  },
);

test("aborting a call closes it at the other end", async () => {
  await using emulator = await startEmulator();
  const leaving = new AbortController();
  const asked = new HumanMessage("[[tokens=50]] [[fault:stall-after-tokens=3]]");
  const reading = (async () => {
    for await (const chunk of await modelAt(emulator.url).stream([asked], { signal: leaving.signal })) {
      if (chunk.text !== "") leaving.abort();
    }
  })();
  await expect(reading).rejects.toThrow(/abort/i);
  await expect.poll(() => emulator.ledger.rows().map((row) => row.outcome)).toEqual(["aborted"]);
});
