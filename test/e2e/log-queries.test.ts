import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

const adminKey = "the-admin-key-of-this-test";
const secretWords = "the words of the prompt";

let box: TestSignalbox;
let key: string;
let ids: readonly string[];

/** Three requests to the route that captures in full, one to the other, one that nothing can serve. */
beforeAll(async () => {
  const configuration = testConfiguration.replace(
    "routes:\n",
    "routes:\n  full:\n    strategy: { weighted: { chat-flash: 100% } }\n    capture: full\n",
  );
  box = await startTestSignalbox({ adminKey, configuration });
  key = await box.createKey("applications");
  const models = ["full", "full", "full", "chat", "no-such-model"];
  const asked: string[] = [];
  for (const model of models) asked.push(await ask(model));
  ids = asked;
  await box.eventually(async () => (await sums("totals?by=")).totals[0]?.requests === models.length);
});

afterAll(() => box.close());

async function ask(model: string): Promise<string> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${key}`,
      "x-signalbox-unit": "user-42",
      "x-signalbox-tags": "team=search",
    },
    body: JSON.stringify({ model, messages: [{ role: "user", content: secretWords }] }),
  });
  await response.text();
  return response.headers.get("x-signalbox-request-id") ?? "";
}

function read(path: string, credential = adminKey): Promise<Response> {
  return fetch(`${box.url}/api/requests${path}`, { headers: { authorization: `Bearer ${credential}` } });
}

// What a JSON answer holds is what these tests are about.
// oxlint-disable-next-line typescript/no-explicit-any
async function told(path: string): Promise<any> {
  return (await read(path)).json();
}

/** Sums of the last hour. */
function sums(path: string): ReturnType<typeof told> {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 60_000).toISOString();
  return told(`/${path}&from=${from}&to=${to}`);
}

test("sums tell requests, outcomes, tokens, money and durations of what was served", async () => {
  const { totals, gaps } = await sums("totals?by=route");
  expect(gaps).toEqual([]);
  const full = totals.find((total: { route: string }) => total.route === "full");
  expect(full).toMatchObject({
    requests: 3,
    outcomes: { completed: 3, failed: 0, refused: 0, aborted: 0 },
    emulated: 3,
    attempts: 3,
    attempts_failed: 0,
    total_ms: { count: 3 },
  });
  const pages = (await told("?route=full")).requests;
  const costs = pages.map((request: { cost: { pico_dollars: string } }) => BigInt(request.cost.pico_dollars));
  const sum = costs.reduce((total: bigint, cost: bigint) => total + cost, 0n);
  expect(sum).toBeGreaterThan(0n);
  expect(BigInt(full.cost.pico_dollars)).toBe(sum);
  expect(full.usage.output_tokens).toBeGreaterThan(0);
  const refused = totals.find((total: { route: string | null }) => total.route === null);
  expect(refused).toMatchObject({ requests: 1, outcomes: { refused: 1 }, attempts: 0, cost: { usd: "0" } });
});

test("a series tells them for each minute, and sums by outcome come from the log itself", async () => {
  const { points } = await sums("series?step=minute&route=full");
  const requests = points.map((point: { requests: number }) => point.requests);
  expect(requests.reduce((sum: number, one: number) => sum + one, 0)).toBe(3);
  const { totals } = await sums("totals?by=outcome");
  expect(totals).toMatchObject([
    { outcome: "completed", requests: 4, attempts_failed: null },
    { outcome: "refused", requests: 1 },
  ]);
});

test("content is told to administrators only, where the route captures it only, and nowhere else", async () => {
  const [captured = "", , , other = ""] = ids;
  const detail = await box.request(captured);
  expect(detail).toMatchObject({ capture: "full", content: `/api/requests/${captured}/content` });
  expect(JSON.stringify(detail)).not.toContain(secretWords);
  await box.eventually(async () => (await read(`/${captured}/content`)).status === 200);
  const content = await told(`/${captured}/content`);
  expect(content).toMatchObject({ request_id: captured, truncated: false, redactions: 0 });
  expect(content.request).toContain(secretWords);
  expect(content.response).not.toBe("");
  expect((await read(`/${captured}/content`, key)).status).toBe(403);
  const none = await read(`/${other}/content`);
  expect(none.status).toBe(404);
  expect(await none.json()).toMatchObject({
    code: "not-found",
    detail: expect.stringContaining("none is kept"),
  });
});

test("requests are found by unit, tag, cost and emulation", async () => {
  const [first = ""] = ids;
  const unit = (await box.request(first))["unit"];
  expect(unit).toMatchObject({ source: "header", id: expect.stringMatching(/^[\w-]{22}$/) });
  const found = async (query: string) => (await told(query)).requests.length;
  // The value was matched above.
  expect(await found(`?unit=${(unit as { id: string }).id}`)).toBe(4);
  expect(await found("?tag=team%3Dsearch&emulated=true")).toBe(4);
  expect(await found("?tag=team%3Dother")).toBe(0);
  expect(await found("?min_cost=0.000000000001")).toBe(4);
  expect(await found("?min_cost=999")).toBe(0);
});

test("an export holds every request, and no content", async () => {
  const text = await (await read("/export?format=jsonl")).text();
  const lines = text.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).id)).toEqual(ids.toReversed());
  expect(text).not.toContain(secretWords);
  const csv = await read("/export?format=csv&route=full");
  expect((await csv.text()).trimEnd().split("\r\n")).toHaveLength(4);
});
