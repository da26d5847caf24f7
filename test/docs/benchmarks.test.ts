import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allMetrics } from "#core/benchmarks/metrics/all-metrics.ts";
import { benchmarkOfFile } from "#features/benchmarks/index.ts";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { commandsPrinted } from "./reader.ts";

const document = readFileSync(join(root, "docs/benchmarks.md"), "utf8");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "benchmarks-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("each metric stands in the table with what it means, and no other does", () => {
  const rows = [...document.matchAll(/^\| `([\w.]+_(?:ms|tokens|tokens_per_s))` \| (.*) \|$/gm)];
  expect(rows.map(([, id, meaning]) => [id, meaning])).toEqual(
    allMetrics.map(({ id, meaning }) => [id, meaning]),
  );
});

test("the file of docs/benchmarks.md is one", async () => {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(document) ?? [];
  const path = join(folder, "bench.yaml");
  writeFileSync(path, yaml);
  expect(Object.keys((await benchmarkOfFile(path)).targets)).toEqual(["now", "next"]);
});

test("the capacity plan of docs/benchmarks.md prints what it says", async () => {
  const [block, ...others] = markedBlocks(document);
  expect(others).toEqual([]);
  const signalbox = `"${process.execPath}" "${join(root, "src/main.ts")}"`;
  const before = `cd "${folder}"\nsignalbox() { ${signalbox} "$@"; }`;
  expect(await commandsPrinted(block?.script ?? "", before)).toMatch(
    /^The busiest 60s: 0\.05 requests\/s, 2800 tokens in and 400 out per minute\n4 deployments are needed/m,
  );
});
