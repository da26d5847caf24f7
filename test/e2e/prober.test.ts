import { afterEach, expect, test, vi } from "vitest";
import { isJsonObject } from "#core/kernel/json.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
  gone: { dialect: openai-chat, base_url: "http://127.0.0.1:9/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments:
  idle: { provider: google, model: gemini-3.8-flash }
  dead: { provider: gone, model: qwen3-32b }
`;

let box: TestSignalbox | undefined;
afterEach(() => box?.close());

/** The breaker's counts of a deployment, by the API. */
async function health(deployment: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${box?.url ?? ""}/api/deployments/${deployment}`);
  const body: unknown = await response.json();
  const shown = isJsonObject(body) ? body["health"] : undefined;
  if (!isJsonObject(shown)) throw new Error(`${deployment} shows no health`);
  return shown;
}

test("idle deployments are asked by unbilled calls: one that is gone is found out before a request meets it", async () => {
  const probes = { idleMs: 50, halfOpenMs: 50, perMinuteMax: 1_000, roundMs: 20 };
  box = await startTestSignalbox({ configuration, probes });
  // One is asked in each round, in turns: five failures of the dead one take ten of them.
  await vi.waitFor(async () => expect(await health("dead")).toMatchObject({ state: "open" }), {
    timeout: 20_000,
    interval: 20,
  });
  expect(await health("dead")).toMatchObject({
    state: "open",
    reason: "failures-in-row",
    last_attempt_at: null,
  });
  expect(await health("idle")).toMatchObject({ state: "closed", last_attempt_at: null });
  expect(await box.requests()).toEqual([]);
  expect(box.ledger().map(({ path }) => path)).toContain("/v1beta/models/gemini-3.8-flash");
  const billed = box.ledger().reduce((sum, { outputTokensGenerated }) => sum + outputTokensGenerated, 0);
  expect(billed).toBe(0);
  expect((await fetch(`${box.url}/readyz`)).status).toBe(200);
  expect(
    (await (await fetch(`${box.url}/metrics`)).text()).includes(
      'signalbox_deployment_state{deployment="dead",state="open"} 1',
    ),
  ).toBe(true);
}, 30_000);
