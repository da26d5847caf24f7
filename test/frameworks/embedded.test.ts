import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbedded, type EmbeddedSignalbox } from "#composition/embedded/index.ts";
import { startEmulator } from "#emulator/start-emulator.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import {
  feedback,
  RoutedChatModel,
  RoutedEmbeddings,
  routingOf,
  SignalboxError,
} from "#frameworks/langchain/index.ts";
import { eventually } from "../support/eventually.ts";
import { testConfiguration } from "../support/test-signalbox.ts";
import { summed } from "./contract/contract-case.ts";

let emulator: Awaited<ReturnType<typeof startEmulator>>;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

function start(onRecord?: (record: RequestRecord) => void): Promise<EmbeddedSignalbox> {
  return startEmbedded({
    config: testConfiguration.replaceAll("EMULATOR", emulator.url),
    variable: (name) => (name === "IN_HOUSE_KEY" ? "in-house-key" : undefined),
    emulation: { kind: "running", url: emulator.url },
    ...(onRecord && { onRecord }),
  });
}

function caught(calling: Promise<unknown>): Promise<unknown> {
  return calling.catch((thrown: unknown) => thrown);
}

describe("a Signalbox within an application", () => {
  test("decides, answers and tells how, whole and streamed, with what it cost", async () => {
    const records: RequestRecord[] = [];
    await using embedded = await start((record) => records.push(record));
    const model = new RoutedChatModel({ model: "chat", transport: embedded.transport, unit: "user-42" });
    const whole = await model.invoke("[[say:Hello]]", { labels: { team: "search" } });
    const { message: streamed } = await summed(await model.stream("[[say:Hello]]"));
    for (const answer of [whole, streamed]) {
      expect(answer.text).toBe("Hello");
      expect(routingOf(answer)).toMatchObject({
        route: "chat",
        variant: expect.stringMatching(/^chat-/),
        attempts: 1,
        cost_usd: expect.any(Number),
        emulated: true,
      });
    }
    expect(records.map(({ requestId }) => requestId)).toEqual([
      routingOf(whole)?.request_id,
      routingOf(streamed)?.request_id,
    ]);
    expect(records[0]).toMatchObject({ decision: { route: "chat" }, tags: { team: "search" } });
  });

  test("makes embeddings", async () => {
    await using embedded = await start();
    const embeddings = new RoutedEmbeddings({
      model: "gemini-embedding-2",
      transport: embedded.transport,
      dimensions: 64,
    });
    expect((await embeddings.embedDocuments(["one", "two"])).map(({ length }) => length)).toEqual([64, 64]);
  });

  test("fails as one over HTTP does: status, code, request id", async () => {
    await using embedded = await start();
    const ask = (model: string, text: string, options = {}) =>
      caught(new RoutedChatModel({ model, transport: embedded.transport }).invoke(text, options));
    expect(await ask("no-such-model", "Hi")).toMatchObject({
      name: "SignalboxError",
      status: 404,
      code: "model_not_found",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await ask("gemini-3.8-flash", "[[fault:503]]")).toMatchObject({ status: 503, retryable: true });
    expect(await ask("chat", "Hi", { deadlineMs: 0 })).toMatchObject({ status: 400 });
    expect(await ask("chat", "Hi", { extraBody: { temperature: "hot" } })).toMatchObject({ status: 400 });
  });

  test("keeps to the deadline of a call", async () => {
    await using embedded = await start();
    const model = new RoutedChatModel({ model: "gemini-3.8-flash", transport: embedded.transport });
    const error = await caught(model.invoke("[[fault:stall-before-headers]]", { deadlineMs: 50 }));
    expect(error).toMatchObject({ status: 504, code: "upstream_timeout" });
  });

  test("ends what is under way when it is closed, and answers nothing after that", async () => {
    const embedded = await start();
    const model = new RoutedChatModel({ model: "gemini-3.8-flash", transport: embedded.transport });
    const before = emulator.ledger.rows().length;
    const asked = "[[tokens=50]] [[frame-tokens=1]] [[fault:stall-after-tokens=3]]";
    const reading = (async () => {
      for await (const chunk of await model.stream(asked)) if (chunk.text !== "") void embedded.close();
    })();
    await expect(reading).rejects.toThrow(/closed/);
    await eventually(() => emulator.ledger.rows()[before]?.outcome === "aborted");
    await expect(model.invoke("Hi")).rejects.toThrow(/closed/);
    await embedded.close();
  });

  test("has no log to keep feedback in, and says so", async () => {
    await using embedded = await start();
    const answer = await new RoutedChatModel({ model: "chat", transport: embedded.transport }).invoke("Hi");
    const error = await caught(feedback(answer, { score: 1 }, { transport: embedded.transport }));
    expect(error).toBeInstanceOf(SignalboxError);
    expect(error).toMatchObject({
      code: "unsupported_feature",
      message: expect.stringContaining("embedded"),
    });
  });

  test("a configuration that is wrong is told with every problem", async () => {
    const starting = startEmbedded({
      config: "version: 1\nroutes: { chat: { strategy: { use: nobody } } }\nmodels: {}",
    });
    await expect(starting).rejects.toMatchObject({
      code: "invalid-configuration",
      message: expect.stringMatching(/nobody[^]*models|models[^]*nobody/),
    });
  });
});
