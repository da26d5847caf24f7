import { ChatGoogle } from "@langchain/google";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";
import { summed } from "./contract/contract-case.ts";

let signalbox: TestSignalbox;
let key: string;

beforeAll(async () => {
  signalbox = await startTestSignalbox({ adminKey: "an-administrator-of-tests" });
  key = await signalbox.createKey("zero-code");
});
afterAll(() => signalbox.close());
afterEach(() => vi.unstubAllEnvs());

/** As an application makes them that knows nothing of Signalbox: a model's name, or a route's. */
const clients = {
  ChatGoogle: (model: string) => new ChatGoogle({ model, maxRetries: 0 }),
  ChatOpenAI: (model: string) => new ChatOpenAI({ model, maxRetries: 0 }),
};

describe.each(Object.entries(clients))("two environment variables move %s to Signalbox", (_name, make) => {
  test.each(["gemini-3.8-flash", "chat"])("whole and streamed, for %s", async (model) => {
    vi.stubEnv("LANGSMITH_GATEWAY", signalbox.url);
    vi.stubEnv("LANGSMITH_GATEWAY_API_KEY", key);
    const before = signalbox.ledger().length;
    expect((await make(model).invoke("[[say:Hello]]")).text).toBe("Hello");
    expect((await summed(await make(model).stream("[[say:Hello]]"))).message.text).toBe("Hello");
    expect(signalbox.ledger()).toHaveLength(before + 2);
    const [newest] = await signalbox.requests();
    expect(newest).toMatchObject({ route: model });
  });

  test("a wrong key is refused", async () => {
    vi.stubEnv("LANGSMITH_GATEWAY", signalbox.url);
    vi.stubEnv("LANGSMITH_GATEWAY_API_KEY", "sb-not-a-key");
    await expect(make("chat").invoke("Hello")).rejects.toThrow();
  });
});
