import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { chainDefinitions, scoreCases } from "#features/chains/index.ts";
import { readyCases } from "../vectors/chains/ready-cases.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

/** Every ready chain, over three Gemini models that the emulator plays. */

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
});

afterAll(() => signalbox.close());

async function invoke(at: TestSignalbox, chain: string, input: unknown): Promise<JsonObject> {
  const response = await fetch(`${at.url}/v1/chains/${chain}/invoke`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input }),
  });
  const body: unknown = await response.json();
  if (!isJsonObject(body)) throw new Error("The answer is no JSON object");
  return body;
}

test("every ready chain has cases", () => {
  expect(new Set(readyCases.map(({ chain }) => chain))).toEqual(
    new Set(chainDefinitions.map(({ name }) => name)),
  );
});

describe.each(["flash", "lite", "argon"])("on %s", (deployment) => {
  let pinned: TestSignalbox;

  beforeAll(async () => {
    const routes = chainDefinitions.map(({ name }) => `  ${name}: { route: ${deployment} }\n`).join("");
    pinned = await startTestSignalbox({ configuration: `${testConfiguration}chains:\n${routes}` });
  });

  afterAll(() => pinned.close());

  test.each(readyCases)("$chain: $about", async ({ chain, input, output, code }) => {
    const answer = await invoke(pinned, chain, input);
    if (code !== undefined) {
      expect(answer).toMatchObject({ code });
      return;
    }
    expect(answer["output"]).toEqual(output);
    expect(answer).toMatchObject({ deployment, cost_usd: expect.stringMatching(/^0\.\d+$/) });
  });
});

test("the cases are scored by the hook that evaluations use", async () => {
  const score = await scoreCases(readyCases, async ({ chain, input }) => {
    const answer = await invoke(signalbox, chain, input);
    const { code, output } = answer;
    return typeof code === "string" ? { code } : { output: output ?? null };
  });
  expect(score).toMatchObject({ passed: readyCases.length, failed: [] });
  const wrong = await scoreCases(readyCases, () => Promise.resolve({ output: "s3cret" }));
  expect(wrong.failed.length).toBe(readyCases.length);
});

test("a long text is summarised by notes on its parts, all in one answer with usage and cost of all", async () => {
  const text = "Signalbox routes requests to many models. ".repeat(11_000);
  const before = signalbox.ledger().length;
  const answer = await invoke(signalbox, "summarise", { text });
  const requests = answer["requests"];
  if (!Array.isArray(requests)) throw new Error("The answer lists no requests");
  const steps = requests.map((one): unknown => isJsonObject(one) && one["step"]);
  expect(new Set(steps.slice(0, -1))).toEqual(
    new Set([1, 2, 3, 4, 5].map((number) => `branch-1.notes.${number}.note`)),
  );
  expect(steps.at(-1)).toBe("branch-1.summary");
  const rows = signalbox.ledger().slice(before);
  expect(rows).toHaveLength(6);
  const read = rows.reduce((sum, row) => sum + row.promptTokens, 0);
  expect(answer["usage"]).toMatchObject({ input_tokens: read });
  const log = await signalbox.requests();
  for (const one of requests) {
    if (isJsonObject(one)) expect(log.map(({ id }) => id)).toContain(one["request_id"]);
  }
});

test("a client that leaves in the middle of a chain of many requests leaves nothing running", async () => {
  const text = `${"Signalbox routes requests. ".repeat(17_000)} [[fault:stall-before-headers]]`;
  const leaving = new AbortController();
  const before = signalbox.ledger().length;
  const gone = expect(
    fetch(`${signalbox.url}/v1/chains/summarise/invoke`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: { text } }),
      signal: leaving.signal,
    }),
  ).rejects.toThrow();
  // All parts but the last, which stalls.
  await signalbox.eventually(() => signalbox.ledger().length - before >= 4);
  leaving.abort();
  await gone;
  await signalbox.eventually(() =>
    signalbox
      .ledger()
      .slice(before)
      .some((row) => row.outcome === "aborted"),
  );
  await signalbox.eventually(async () => {
    const metrics = await (await fetch(`${signalbox.url}/metrics`)).text();
    return /^signalbox_requests_in_flight [01]$/m.test(metrics);
  });
  const made = signalbox.ledger().length;
  const log = await signalbox.requests();
  expect(log[0]).toMatchObject({ outcome: "aborted", tags: { chain: "summarise" } });
  // The notes were never joined.
  expect(signalbox.ledger()).toHaveLength(made);
});
