import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `${testConfiguration}
  kept: { strategy: { use: chat-lite }, capture: full }
log:
  redact: { patterns: { customer: 'C-\\d{6}' } }
`;

let box: TestSignalbox;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "from-log-"));
  box = await startTestSignalbox({ configuration });
});
afterAll(async () => {
  await box.close();
  rmSync(folder, { recursive: true });
});

async function post(path: string, body: object): Promise<string> {
  const response = await fetch(`${box.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.text()).toBeLessThan(300);
  return response.headers.get("x-signalbox-request-id") ?? "";
}

async function asked(text: string): Promise<string> {
  const id = await post("/v1/chat/completions", {
    model: "kept",
    messages: [{ role: "user", content: text }],
  });
  await box.eventually(async () => (await fetch(`${box.url}/api/requests/${id}/content`)).status === 200);
  return id;
}

test("requests of a route become items, redacted as they are kept, those with bad feedback alone where asked", async () => {
  const good = await asked("[[say:Yes]] I am C-123456");
  const bad = await asked("[[say:No]] Why?");
  await post("/v1/chat/completions", {
    model: "chat",
    messages: [{ role: "user", content: "another" }],
  });
  await post("/v1/feedback", { request_id: bad, name: "thumbs", score: 0 });
  await post("/v1/feedback", { request_id: good, name: "thumbs", score: 1 });
  const all = join(folder, "all.jsonl");
  const some = join(folder, "some.jsonl");
  const words = ["data", "from-log", "--route", "kept", "--json", "--out"];
  const told = await runSignalbox(box.url, ...words, all);
  expect(told.err).toBe("");
  expect(JSON.parse(told.out)).toMatchObject({ items: 2, no_content: 0, other_dialect: 0 });
  await runSignalbox(box.url, ...words, some, "--feedback", "thumbs<0.5");
  const itemsOf = (path: string) =>
    readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  expect(itemsOf(all)).toMatchObject([
    { id: bad, messages: [{ role: "user" }], answer: "No", tags: { route: "kept" } },
    { id: good, messages: [{ content: "[[say:Yes]] I am [customer]" }], answer: "Yes" },
  ]);
  expect(itemsOf(some)).toMatchObject([{ id: bad, feedback: 0 }]);
  expect(statSync(all).mode & 0o777).toBe(0o600);
});

test("what is written otherwise is refused", async () => {
  const words = ["data", "from-log", "--route", "kept", "--out", join(folder, "none.jsonl")];
  for (const more of [
    ["--since", "a week"],
    ["--feedback", "thumbs"],
  ])
    expect(await runSignalbox(box.url, ...words, ...more)).toMatchObject({ status: 2 });
});
