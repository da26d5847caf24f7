import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEvaluation } from "#features/evaluations/index.ts";
import { root } from "../architecture/repository.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { commandsPrinted } from "./reader.ts";

const document = readFileSync(join(root, "docs/evaluations.md"), "utf8");

let folder: string;
let signalbox: TestSignalbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "evaluations-"));
  const configuration = readFileSync(join(root, "signalbox.yaml"), "utf8");
  signalbox = await startTestSignalbox({ configuration });
});
afterAll(async () => {
  await signalbox.close();
  rmSync(folder, { recursive: true });
});

test("the commands of docs/evaluations.md do what it says", { timeout: 180_000 }, async () => {
  const script = markedBlocks(document)
    .map((block) => block.script.replaceAll("npx signalbox", "signalbox"))
    .join("\n");
  const command = `SIGNALBOX_URL=${signalbox.url} "${process.execPath}" "${join(root, "src/main.ts")}"`;
  const printed = await commandsPrinted(script, `cd "${folder}"\nsignalbox() { ${command} "$@"; }`);
  expect(printed).toContain("2 done; kept in capitals-run");
  expect(printed).toMatch(/\ncapitals: assistant has right \d/);
  expect(printed).toContain("No difference is told by 1 comparison of scores");
  expect(printed).toMatch(/\nPassed: 4 checks\n/);
});

test("every example of docs/evaluations.md is one that an evaluation may have", async () => {
  const examples = [...document.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) => yaml);
  expect(examples).toHaveLength(2);
  for (const [at, yaml] of examples.entries()) {
    const path = join(folder, `example-${at}.yaml`);
    writeFileSync(path, `name: x\ndata: { file: x.jsonl }\ntargets: { a: { model: m } }\n${yaml}`);
    expect((await readEvaluation(path)).scorers.size).toBeGreaterThan(0);
  }
});
