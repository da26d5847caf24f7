import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox, type LoggedRequest, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
});

afterAll(() => signalbox.close());

/** Asks Gemini's way for one sentence, by a quality of service. */
async function ask(
  serviceTier: string | undefined,
): Promise<{ readonly log: LoggedRequest; readonly usd: string | null }> {
  const answer = await fetch(`${signalbox.url}/v1beta/models/gemini-3.8-flash:generateContent`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      contents: [{ role: "user", parts: [{ text: "Name three rivers" }] }],
      ...(serviceTier !== undefined && { serviceTier }),
    }),
  });
  await answer.text();
  const id = answer.headers.get("x-signalbox-request-id") ?? "";
  await signalbox.eventually(async () => (await signalbox.requests()).some((request) => request.id === id));
  return { log: await signalbox.request(id), usd: answer.headers.get("x-signalbox-cost-usd") };
}

describe("the quality of service that the provider's header tells", () => {
  test.each([
    { asked: undefined, given: "standard", top: 1, bottom: 1 },
    { asked: "flex", given: "flex", top: 1, bottom: 2 },
    { asked: "priority", given: "priority", top: 9, bottom: 5 },
  ])("is in the log and in the price: $given", async ({ asked, given, top, bottom }) => {
    const { log, usd } = await ask(asked);
    const { usage, cost } = log as unknown as Logged;
    expect(usage.service_tier).toBe(given);
    // Prices double with 2027; the test holds on both sides.
    const rate = Date.now() < Date.UTC(2027, 0, 1) ? 1 : 2;
    const input =
      (usage.input_tokens - usage.cached_input_tokens) * 750_000 + usage.cached_input_tokens * 75_000;
    const output = (usage.output_tokens + usage.thinking_tokens) * 3_750_000;
    const pico = Math.ceil(((input + output) * rate * top) / bottom);
    expect(usage.output_tokens).toBeGreaterThan(0);
    expect(cost.pico_dollars).toBe(String(pico));
    expect(usd).toBe(cost.usd);
  });
});

/** The fields of a logged request that are asserted. */
interface Logged {
  readonly usage: Readonly<
    Record<"input_tokens" | "cached_input_tokens" | "output_tokens" | "thinking_tokens", number>
  > & { readonly service_tier: string | null };
  readonly cost: { readonly pico_dollars: string; readonly usd: string };
}
