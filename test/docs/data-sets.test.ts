import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundledSets, readEvaluation } from "#features/evaluations/index.ts";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { commandsPrinted } from "./reader.ts";

const document = readFileSync(join(root, "docs/data-sets.md"), "utf8");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "data-sets-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the commands of docs/data-sets.md do what it says", { timeout: 120_000 }, async () => {
  const script = markedBlocks(document)
    .map((block) => block.script.replaceAll("npx signalbox", "signalbox"))
    .join("\n");
  const command = `"${process.execPath}" "${join(root, "src/main.ts")}"`;
  const printed = await commandsPrinted(script, `cd "${folder}"\nsignalbox() { ${command} "$@"; }`);
  expect(printed).toContain("2 rows, 2 items, 2 of them chosen\n1 item without an id");
  expect(printed).toContain("1,319 word problems");
  expect(printed).toContain("Janet");
});

test("the data that is printed is data of an evaluation", async () => {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(document) ?? [];
  const path = join(folder, "evaluation.yaml");
  writeFileSync(path, `name: x\ntargets: { a: { model: m } }\n${yaml}`);
  expect((await readEvaluation(path)).data.source).toBe("questions.jsonl");
});

test("every set that comes along stands there", async () => {
  const rows = document.split("\n").filter((line) => /^\| `[a-z0-9_]+` \| \d/.test(line));
  const names = rows.map((row) => row.split("`")[1]);
  expect(names).toEqual((await bundledSets()).map(({ name }) => name));
});
