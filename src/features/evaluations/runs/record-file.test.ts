import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { earlierRun } from "./earlier-run.ts";
import { readRunLines } from "./read-run-lines.ts";
import { RecordFile } from "./record-file.ts";
import type { RunLine } from "./run-log.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-records-"));
});
afterAll(() => rm(folder, { recursive: true }));

function started(position: number): RunLine {
  return { kind: "started", position, item: `q${position}`, target: "a", repeat: 0, atMs: 0 };
}

function finished(position: number, costUsd = 0.5): RunLine {
  return {
    kind: "finished",
    position,
    record: {
      item: `q${position}`,
      target: "a",
      repeat: 0,
      tags: {},
      outcome: { kind: "answered", text: "x", latencyMs: 1, costUsd },
      scores: {},
      atMs: 0,
    },
  };
}

function failedLine(position: number): RunLine {
  const line = finished(position);
  if (line.kind !== "finished") return line;
  return { ...line, record: { ...line.record, outcome: { kind: "failed", code: "timeout", message: "" } } };
}

async function kept(name: string, lines: readonly RunLine[]): Promise<string> {
  const path = join(folder, name);
  await using file = await RecordFile.open(path);
  await Promise.all(lines.map((line) => file.append(line)));
  return path;
}

async function linesOf(path: string): Promise<RunLine[]> {
  return Array.fromAsync(readRunLines(path));
}

describe("the records of a run", () => {
  test("are kept in the order of the calls", async () => {
    const lines = Array.from({ length: 500 }, (_, at) => started(at));
    expect(await linesOf(await kept("order.jsonl", lines))).toEqual(lines);
  });

  test("half a line that a crash left is passed over by readers, and cut off by the next run", async () => {
    const path = await kept("torn.jsonl", [started(0), finished(0)]);
    await appendFile(path, `{"kind":"started","position":1,"item":"${"x".repeat(100_000)}`);
    expect(await linesOf(path)).toEqual([started(0), finished(0)]);
    await using file = await RecordFile.open(path);
    await file.append(started(1));
    expect(await linesOf(path)).toEqual([started(0), finished(0), started(1)]);
    expect((await readFile(path, "utf8")).split("\n")).toHaveLength(4);
  });

  test("a broken line in the middle is an error that names it", async () => {
    const path = await kept("broken.jsonl", [started(0)]);
    await appendFile(path, '{"kind":\n{"kind":"started"}\n');
    await expect(linesOf(path)).rejects.toThrow("line 2 is none");
  });

  test("a place where nothing can be written is refused", async () => {
    await expect(RecordFile.open(join(folder, "none", "x.jsonl"))).rejects.toMatchObject({
      code: "store-unavailable",
    });
  });
});

describe("what was done before", () => {
  const terms = { targets: ["a"], repeats: 1, retriesErrors: false };

  test("counts what began and has no end, and what was spent", async () => {
    const path = await kept("earlier.jsonl", [
      started(0),
      started(1),
      started(2),
      finished(1),
      finished(0, 0.25),
    ]);
    const earlier = await earlierRun(readRunLines(path), terms);
    expect(earlier).toMatchObject({ unfinished: 1, failed: 0, spent: { usd: 0.75, answers: 2 } });
    expect(earlier.done.has({ position: 1, target: "a", repeat: 0 })).toBe(true);
    expect(earlier.done.has({ position: 2, target: "a", repeat: 0 })).toBe(false);
  });

  test("failed tasks are done, or asked again where that is wanted", async () => {
    const path = await kept("failed.jsonl", [started(0), failedLine(0), started(1), finished(1)]);
    const task = { position: 0, target: "a", repeat: 0 };
    expect((await earlierRun(readRunLines(path), terms)).done.has(task)).toBe(true);
    const again = await earlierRun(readRunLines(path), { ...terms, retriesErrors: true });
    expect(again.done.has(task)).toBe(false);
    expect(again.failed).toBe(1);
  });
});
