import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failedRecord, record } from "../../../core/evaluations/run.test-support.ts";
import { writeRunFolder } from "../../../../test/support/run-folders.ts";
import { readRun } from "./read-run.ts";

let root: string;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), "read-run-"))));
afterAll(() => rmSync(root, { recursive: true }));

describe("a run that was kept", () => {
  test("is read with its last records, and half a last line is passed over", async () => {
    const records = [
      failedRecord("a", "timeout"),
      record("b", { cluster: "c", tags: { topic: "x" }, answer: { costUsd: 0.5, inputTokens: 3 } }),
      record("a"),
    ];
    const half = `{"kind":"started","position":0,"item":"a","target":"flash","repeat":0,"atMs":1}\n{"kind":"fini`;
    const { table, manifest, unfinished } = await readRun(
      writeRunFolder(join(root, "torn"), { records, behind: half }),
    );
    expect(manifest.name).toBe("qa");
    expect(table.items.count).toBe(2);
    expect(table.replaced).toBe(1);
    expect(unfinished).toBe(1);
    const [answers] = table.answersOf("flash");
    expect(answers?.isAnswered(0)).toBe(true);
    expect(answers?.measureOf(1, "cost_usd")).toBe(0.5);
    expect(table.items.tagOf("topic", 1)).toBe(0);
  });

  test("has its targets and scorers in the order of the evaluation", async () => {
    const folder = writeRunFolder(join(root, "order"), {
      records: [record("a", { target: "pro" }), record("a", { target: "flash" })],
    });
    expect((await readRun(folder)).table.targets).toEqual(["pro", "flash"]);
  });
});

describe("what no run writes is refused with its place", () => {
  test.each([
    [
      "another target",
      JSON.stringify({ kind: "finished", position: 0, record: record("b", { target: "pro" }) }),
      /record 2 .* "pro"/,
    ],
    [
      "a repeat too many",
      JSON.stringify({ kind: "finished", position: 0, record: record("b", { repeat: 7 }) }),
      /record 2 .* repeat below 1/,
    ],
    [
      "a record without an outcome",
      JSON.stringify({ kind: "finished", position: 0, record: { ...record("b"), outcome: {} } }),
      /record 2 .* at outcome/,
    ],
  ])("%s", async (name, line, problem) => {
    const folder = writeRunFolder(join(root, name), { records: [record("a")], behind: `${line}\n` });
    await expect(readRun(folder)).rejects.toThrow(problem);
  });

  test("a broken line with another behind it", async () => {
    const folder = writeRunFolder(join(root, "broken"), { records: [record("a")], behind: "{half\n" });
    await expect(readRun(folder)).resolves.toMatchObject({ unfinished: 0 });
    appendFileSync(
      join(folder, "records.jsonl"),
      `${JSON.stringify({ kind: "finished", position: 0, record: record("b") })}\n`,
    );
    await expect(readRun(folder)).rejects.toThrow(/line 3 is none/);
  });

  test.each([
    ["nothing of a line", "null"],
    ["no record", '{"kind":"finished","position":0}'],
    ["a record that is none", '{"kind":"finished","position":0,"record":[]}'],
    ["a position between two", '{"kind":"started","position":0.5}'],
  ])("a line with %s", async (name, line) => {
    const folder = writeRunFolder(join(root, name), { records: [record("a")], behind: `${line}\n${line}\n` });
    await expect(readRun(folder)).rejects.toThrow(/lines as a run writes them are wanted, line 3 is none/);
  });

  test("a file in place of a folder", async () => {
    const file = join(root, "file");
    appendFileSync(file, "");
    await expect(readRun(file)).rejects.toMatchObject({ code: "not-found" });
  });

  test("a folder without a run", async () => {
    await expect(readRun(join(root, "none"))).rejects.toMatchObject({ code: "not-found" });
  });
});
