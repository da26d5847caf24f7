import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let box: TestSignalbox;
let folder: string;
beforeAll(async () => {
  box = await startTestSignalbox();
  folder = mkdtempSync(join(tmpdir(), "signalbox-outcomes-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await box.close();
});

/** A file of this name and text. */
function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function asked(unit: string): Promise<string> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-unit": unit },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "hi" }] }),
  });
  await response.arrayBuffer();
  return response.headers.get("x-signalbox-request-id") ?? "";
}

async function feedbackAt(path: string): Promise<unknown> {
  // What the API's schema says a page of feedback is.
  const page = (await (await fetch(box.url + path)).json()) as { readonly feedback: unknown };
  return page.feedback;
}

describe("signalbox outcomes import", () => {
  test("keeps what a file says of a request and of a unit, once", async () => {
    const id = await asked("ann");
    const file = fileOf(
      "orders.csv",
      `request_id,unit,name,outcome,id\n${id},,helped,true,\n,ann,purchase,19.9,o-1\n`,
    );
    const said = await runSignalbox(box.url, "outcomes", "import", file);
    expect(said).toMatchObject({ status: 0, err: "" });
    expect(said.out).toMatch(
      /^2 rows: 2 new, 0 in place of former values, 0 older .*, 0 known, 0 refused\n$/,
    );
    const feedback = await feedbackAt(`/api/requests/${id}/feedback`);
    expect(feedback).toMatchObject([
      { name: "helped", outcome: true, source: "code", author: "admin", route: "chat" },
    ]);
    const again = await runSignalbox(box.url, "outcomes", "import", "--json", file);
    expect(JSON.parse(again.out)).toMatchObject({ created: 0, unchanged: 2, stopped: null });
  });

  test("says which rows are wrong and ends with 1; the others are kept", async () => {
    const file = fileOf(
      "rated.ndjson",
      '{"unit":"bob","score":3,"team":"x"}\n{"unit":"bob","score":"many"}\n',
    );
    const words = ["import", file, "--name", "rated", "--source", "human", "--ignore-unknown"];
    const said = await runSignalbox(box.url, "outcomes", ...words);
    expect(said.status).toBe(1);
    expect(said.out).toContain(
      "Passed over: team\n  line 2, score: a number is wanted, it is a string of 4 characters",
    );
    const feedback = await feedbackAt("/api/feedback?name=rated");
    expect(feedback).toMatchObject([{ score: 3, source: "human" }]);
  });

  test.each([
    ["nothing.csv", undefined, "opening it fails with ENOENT"],
    ["data.txt", "unit,score\n", "--format csv or jsonl is wanted"],
    ["zone.csv", "unit,score,when\nann,1,2026-11-24\n", 'there are "when"'],
  ])("a file that cannot be read, %s, ends with 2", async (name, text, message) => {
    const path = text === undefined ? join(folder, name) : fileOf(name, text);
    const said = await runSignalbox(box.url, "outcomes", "import", path);
    expect(said.status).toBe(2);
    expect(said.err).toContain(message);
  });
});

test("an import wants an administrator", async () => {
  await using closed = await startTestSignalbox({ adminKey: "the-admin-key-of-this-test" });
  const key = await closed.createKey("ann");
  const answer = await fetch(`${closed.url}/api/outcomes/import`, {
    method: "POST",
    headers: { "content-type": "text/csv", authorization: `Bearer ${key}` },
    body: "unit,score\nann,1\n",
  });
  expect(answer.status).toBe(403);
});
