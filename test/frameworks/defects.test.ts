import { createHook } from "node:async_hooks";
import { InMemoryCache } from "@langchain/core/caches";
import { ChatGoogle } from "@langchain/google";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { RoutedChatModel, routingOf, SignalboxError, usageOf } from "#frameworks/langchain/index.ts";
import { separateModels } from "../support/separate-models.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";
import { summed } from "./contract/contract-case.ts";

/**
 * Defects of LangChain's clients of Gemini that were measured in November 2026 (docs/frameworks.md has the list), each with
 * an application on Signalbox or RoutedChatModel, which does not suffer it.
 */

/** Each test makes its own fail: no two ask the same. */
const { configuration, models } = separateModels(40);
let asked = 0;

/** A model that no test has asked. */
function freshModel(): string {
  return models[asked++] ?? "";
}

let signalbox: TestSignalbox;
beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration });
});
afterAll(() => signalbox.close());

function routed(fields: Partial<ConstructorParameters<typeof RoutedChatModel>[0]> = {}) {
  return new RoutedChatModel({ model: freshModel(), url: signalbox.url, ...fields });
}

function google(fields: Partial<ConstructorParameters<typeof ChatGoogle>[0]> = {}) {
  const known = { model: freshModel(), apiKey: "unused", endpoint: signalbox.url, maxRetries: 0 };
  return new ChatGoogle({ ...known, ...fields });
}

/** Both ways onto Signalbox: an application's own client, and the model that is made for it. */
const clients = { RoutedChatModel: routed, "ChatGoogle on Signalbox": google };

describe("a cache that models share", () => {
  test("never gives one model's answer as another's", async () => {
    const cache = new InMemoryCache();
    const said = new Map<string, string>();
    for (const model of ["gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-4-argon"]) {
      const answer = await routed({ model, cache }).invoke("Name a signal");
      said.set(model, String(routingOf(answer)?.request_id));
    }
    expect(new Set(said.values()).size).toBe(3);
  });
});

describe.each(Object.entries(clients))("a stream that is cut short, read by %s", (_name, make) => {
  test.each(["error-frame", "truncated-frame", "end-after-tokens", "cut-after-tokens", "no-finish-reason"])(
    "is an error (%s), never a short answer",
    async (fault) => {
      await expect(make().stream(`[[tokens=40]] [[fault:${fault}]]`).then(summed)).rejects.toThrow();
    },
  );

  test("leaves no promise behind that fails unseen", async () => {
    const unseen = vi.fn<(reason: unknown) => void>();
    process.on("unhandledRejection", unseen);
    try {
      for (const fault of ["cut-after-tokens", "error-frame", "truncated-frame"])
        await expect(make().stream(`[[tokens=40]] [[fault:${fault}]]`).then(summed)).rejects.toThrow();
      // Node tells of unseen rejections when the queue of this turn is empty.
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      expect(unseen).not.toHaveBeenCalled();
    } finally {
      process.off("unhandledRejection", unseen);
    }
  });
});

test.each(Object.entries(clients))(
  "%s counts the tokens of thinking, whole and streamed",
  async (_name, make) => {
    const asked = "[[tokens=7]] [[thoughts=3]] Hi";
    const whole = await make().invoke(asked);
    const { message: streamed } = await summed(await make().stream(asked));
    const row = signalbox.ledger().at(-1);
    expect(row).toMatchObject({ outputTokensSent: 7, thoughtTokens: 3 });
    expect([usageOf(whole)?.output_tokens, usageOf(streamed)?.output_tokens]).toEqual([10, 10]);
  },
);

test.each(Object.entries(clients))("%s tries again after a rate limit, when it may", async (_name, make) => {
  signalbox.addFault({ fault: "429-minute", parameters: { "retry-ms": "1000" }, count: 1 });
  const answer = await make({ maxRetries: 1 }).invoke("Hello");
  expect(answer.text).not.toBe("");
});

test("a rate limit that is not tried again says when it would be over", async () => {
  signalbox.addFault({ fault: "429-minute", parameters: { "retry-ms": "38000" }, count: 1 });
  const error: unknown = await routed()
    .invoke("Hello")
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SignalboxError);
  expect(error).toMatchObject({
    status: 429,
    retryable: true,
    retryAfterMs: expect.toSatisfy((ms: number) => ms >= 38_000 && ms <= 60_000),
  });
});

test("tokens are counted without a connection to anywhere", async () => {
  const connections: string[] = [];
  const hook = createHook({
    init: (_id, type) => void (/^(?:TCP|TLS|GETADDRINFO)/.test(type) && connections.push(type)),
  });
  hook.enable();
  const startedMs = performance.now();
  const tokens = await routed().getNumTokens("How many tokens are these? ".repeat(1_000));
  hook.disable();
  expect(tokens).toBeGreaterThan(5_000);
  expect(connections).toEqual([]);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

test("an answer that Gemini 4 gives in pieces is whole", async () => {
  const answer = await routed({ model: "gemini-4-argon" }).invoke("[[tokens=60]] [[continue-at=20]] Tell");
  expect(answer.response_metadata["finish_reason"]).toBe("stop");
  expect(usageOf(answer)?.output_tokens).toBeGreaterThanOrEqual(60);
});
