import { HumanMessage } from "@langchain/core/messages";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  feedback,
  requestIdOf,
  RoutedChatModel,
  RoutedEmbeddings,
  routingOf,
} from "#frameworks/langchain/index.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";
import { summed } from "./contract/contract-case.ts";

let signalbox: TestSignalbox;
beforeAll(async () => {
  signalbox = await startTestSignalbox();
});
afterAll(() => signalbox.close());

function modelOf(model = "chat", callbacks?: object[]) {
  return new RoutedChatModel({ model, url: signalbox.url, ...(callbacks && { callbacks }) });
}

describe("how an answer was routed", () => {
  test.each(["whole", "streamed"])("is what the log says (%s), cost included", async (way) => {
    const model = modelOf();
    const answer =
      way === "whole" ? await model.invoke("Hello") : (await summed(await model.stream("Hello"))).message;
    const told = routingOf(answer) ?? {};
    const logged = await signalbox.request(told.request_id ?? "");
    expect(logged).toMatchObject({ route: told.route, variant: told.variant });
    expect(told.cost_usd).toBeGreaterThan(0);
    expect(JSON.stringify(logged["cost"])).toContain(String(told.cost_usd));
  });

  test("a failure that another variant made good shows in the events", async () => {
    signalbox.addFault({ fault: "503", model: "gemini-3.8-flash", count: 5 });
    signalbox.addFault({ fault: "503", model: "gemini-4-argon", count: 5 });
    const heard: (readonly [string, unknown])[] = [];
    const listener = {
      handleCustomEvent: (name: string, data: unknown) => void heard.push([name, data]),
      awaitHandlers: true,
    };
    for (let asked = 0; asked < 10 && !heard.some(isFailedAttempt); asked += 1)
      await modelOf("chat", [listener]).invoke("Hello");
    const failed = heard.findIndex(isFailedAttempt);
    expect(failed).toBeGreaterThan(0);
    const rest = heard.slice(failed).filter(([name]) => name === "signalbox:attempt");
    expect(rest.at(-1)?.[1]).toMatchObject({ answered: true, deployment: "lite" });
  });

  test("unit, conversation, labels and deadline reach the log", async () => {
    const answer = await modelOf().invoke("Hello", {
      unit: "Zoë",
      conversation: "ticket-1",
      labels: { team: "search" },
      deadlineMs: 30_000,
    });
    const logged = await signalbox.request(requestIdOf(answer) ?? "");
    expect(logged).toMatchObject({ tags: { team: "search" } });
    // Names are kept under pseudonyms: one name has one.
    const again = await signalbox.request(
      requestIdOf(await modelOf().invoke("Hello", { unit: "Zoë" })) ?? "",
    );
    expect(again["unit"]).toEqual(logged["unit"]);
    expect(JSON.stringify(logged)).not.toContain("Zoë");
  });
});

function isFailedAttempt([name, data]: readonly [string, unknown]): boolean {
  return (
    name === "signalbox:attempt" &&
    typeof data === "object" &&
    data !== null &&
    Reflect.get(data, "answered") === false
  );
}

describe("feedback", () => {
  test("finds the request of whatever LangChain hands out", async () => {
    const runs: unknown[] = [];
    const listener = { handleLLMEnd: (result: unknown) => void runs.push(result), awaitHandlers: true };
    const answer = await modelOf("chat", [listener]).invoke([new HumanMessage("Hello")]);
    const id = routingOf(answer)?.request_id;
    const film = z.object({ title: z.string() });
    const structured = modelOf().withStructuredOutput(film, { includeRaw: true });
    const { raw } = await structured.invoke("A film");
    const written: unknown = JSON.parse(JSON.stringify(answer));
    for (const about of [answer, id, runs[0], { outputs: runs[0] }, written])
      expect(requestIdOf(about)).toBe(id);
    expect(requestIdOf({ raw })).toBe(routingOf(raw)?.request_id);
    for (const nothing of [undefined, "Hello", {}, [], 5, new HumanMessage("Hi")])
      expect(requestIdOf(nothing)).toBeUndefined();
  });

  test("is kept with the request that it is about", async () => {
    const { message } = await summed(await modelOf().stream("Hello"));
    const kept = await feedback(
      message,
      { score: 1, name: "thumbs", comment: "Right" },
      { url: signalbox.url },
    );
    expect(kept).toMatchObject({ change: "created" });
    const response = await fetch(`${signalbox.url}/api/requests/${requestIdOf(message)}/feedback`);
    expect(JSON.stringify(await response.json())).toContain('"thumbs"');
  });

  test("that is refused tells why, and what has no request is no subject", async () => {
    const answer = await modelOf().invoke("Hello");
    const wrong = feedback(answer, { name: "stars" }, { url: signalbox.url });
    await expect(wrong).rejects.toMatchObject({ name: "SignalboxError", status: 400 });
    await expect(feedback("Hello", { score: 1 }, { url: signalbox.url })).rejects.toThrow(/request id/);
  });
});

describe("RoutedEmbeddings", () => {
  test.each(["gemini-embedding-2", "compatible-embedding"])(
    "embed with %s, in batches and alone",
    async (model) => {
      const embeddings = new RoutedEmbeddings({ model, url: signalbox.url, dimensions: 64, batchSize: 2 });
      const before = signalbox.ledger().length;
      const texts = ["one", "two", "three", "four", "five"];
      const vectors = await embeddings.embedDocuments(texts);
      expect(signalbox.ledger()).toHaveLength(before + 3);
      expect(vectors.map(({ length }) => length)).toEqual([64, 64, 64, 64, 64]);
      const alone = await embeddings.embedQuery("three");
      alone.forEach((value, at) => expect(vectors[2]?.[at]).toBeCloseTo(value, 5));
      expect(await embeddings.embedDocuments([])).toEqual([]);
    },
  );

  test("a batch larger than any provider takes is refused", () => {
    for (const batchSize of [0, 101, 1.5])
      expect(() => new RoutedEmbeddings({ model: "e", url: signalbox.url, batchSize })).toThrow(RangeError);
  });

  test("an unknown model is an error with its status", async () => {
    const embeddings = new RoutedEmbeddings({ model: "no-such-model", url: signalbox.url });
    await expect(embeddings.embedQuery("one")).rejects.toMatchObject({ name: "SignalboxError", status: 404 });
  });
});

test("a Signalbox that cannot be reached is an error that says so and may be tried again", async () => {
  const model = new RoutedChatModel({ model: "chat", url: "http://127.0.0.1:1" });
  await expect(model.invoke("Hello")).rejects.toMatchObject({
    name: "SignalboxError",
    code: "connection_failed",
    retryable: true,
    message: expect.stringContaining("http://127.0.0.1:1"),
  });
});
