import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;
beforeAll(async () => {
  signalbox = await startTestSignalbox({ adminKey: "an-admin-key-of-tests" });
});
afterAll(() => signalbox.close());

const headers = { authorization: "Bearer an-admin-key-of-tests", "content-type": "application/json" };

const evaluation = {
  name: "capitals",
  data: { file: "capitals.jsonl" },
  prompt: "{{question}} Answer with one word.",
  targets: { flash: { model: "chat/chat-flash" }, lite: { model: "chat/chat-lite" } },
  scorers: { right: { kind: "contains", reference: "answer" } },
};

const items = Array.from({ length: 6 }, (_, at) => ({
  id: `q${at}`,
  fields: { question: `What is ${at} and ${at}?`, answer: `${2 * at}` },
  tags: { parity: at % 2 === 0 ? "even" : "odd" },
}));

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${signalbox.url}/api/evaluations/runs${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined };
}

/** Hears the events of a run to their end. */
async function ended(id: string): Promise<void> {
  const { text } = await call("GET", `/${id}/events`);
  expect(text).toContain("event: progress\n");
}

describe("a run that Signalbox carries out", () => {
  test("is started, watched to its end, reported, listed, and its records are given", async () => {
    const started = await call("POST", "", { evaluation, items });
    expect(started).toMatchObject({ status: 202, json: { name: "capitals", created_by: "admin" } });
    const { id } = started.json;
    await ended(id);
    const run = (await call("GET", `/${id}`)).json;
    expect(run).toMatchObject({ state: "finished", stop: null, total: 12, done: 12, failed: 0, lost: 0 });
    expect(run.cost_usd).toBeGreaterThan(0);
    expect(run.manifest).toMatchObject({ targets: ["flash", "lite"], data: { items: 6 } });
    expect(run.report.runs[0].targets).toMatchObject([
      { target: "flash", answered: 6 },
      { target: "lite", answered: 6 },
    ]);
    const lines = (await call("GET", `/${id}/records`)).text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ kind }) => kind === "started")).toHaveLength(12);
    expect(lines.filter(({ kind }) => kind === "finished")).toHaveLength(12);
    expect((await call("GET", "")).json.runs[0]).toMatchObject({ id, state: "finished" });
    expect(signalbox.ledger()).toHaveLength(12);
  });
});
