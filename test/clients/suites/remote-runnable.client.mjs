import { RemoteRunnable } from "@langchain/core/runnables/remote";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox } from "../../support/test-signalbox.ts";

/** LangServe's client of chains, which `@langchain/core` had up to 0.3. */

/** @type {import("../../support/test-signalbox.ts").TestSignalbox} */
let signalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
});
afterAll(() => signalbox.close());

const remote = (chain, options) =>
  new RemoteRunnable({ url: `${signalbox.url}/v1/chains/${chain}`, ...(options && { options }) });
const long = (said) => ({ text: `[[say:${said}]] [[frame-tokens=1]] Signalbox is a gateway.` });

describe("RemoteRunnable", () => {
  test("gets a whole answer of a chain", async () => {
    expect(await remote("summarise").invoke(long("Short"))).toBe("Short");
  });

  test("gets a stream whose pieces are the answer", async () => {
    const pieces = [];
    for await (const piece of await remote("summarise").stream(
      long("One two three four five six seven eight"),
    ))
      pieces.push(piece);
    expect(pieces.join("")).toBe("One two three four five six seven eight");
    expect(pieces.length).toBeGreaterThan(1);
  });

  test("gets several answers in the order in which it asked", async () => {
    const answers = await remote("summarise").batch([long("First"), long("Second"), long("Third")]);
    expect(answers).toEqual(["First", "Second", "Third"]);
  });

  test("gets structured output of a chain that has a schema", async () => {
    const schema = { type: "object", properties: { year: { type: "integer" } }, required: ["year"] };
    const answer = await remote("extract").invoke({ text: "A film of the year 1999", schema });
    expect(answer).toEqual({ year: expect.any(Number) });
  });

  test("gets an error for an unknown chain", async () => {
    await expect(remote("nope").invoke(long("x"))).rejects.toThrow("404");
  });

  test("gets an error for input that the chain does not take", async () => {
    await expect(remote("summarise").invoke({ words: "x" })).rejects.toThrow("400");
  });
});
