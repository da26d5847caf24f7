import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { analyseResults } from "#features/experiments/index.ts";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { commandsPrinted } from "./reader.ts";

const document = readFileSync(join(root, "docs/experiment-analysis.md"), "utf8");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "analysis-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The commands of the document in its order: of an analysis, and of planning. */
function scripts() {
  const [analysis, planning, ...others] = markedBlocks(document, "sh");
  if (!analysis || !planning || others.length > 0) expect.unreachable("Two blocks of commands are wanted");
  return { analysis: analysis.script, planning: planning.script };
}

function printed(script: string): Promise<string> {
  const signalbox = `"${process.execPath}" "${join(root, "src/main.ts")}"`;
  return commandsPrinted(script, `cd "${folder}"\nsignalbox() { ${signalbox} "$@"; }`);
}

test("the analysis of docs/experiment-analysis.md prints what it says", async () => {
  expect(await printed(scripts().analysis)).toMatch(
    /^No verdict: flash has 2 units, a verdict needs 100 of each variant/,
  );
});

test("the plans of docs/experiment-analysis.md print what it says", async () => {
  const planned = await printed(scripts().planning);
  expect(planned).toMatch(/^18,666 units find a change of \+2 pp with a chance of 80 %$/m);
  expect(planned).toMatch(/^8 days \(run 14, whole weeks/m);
  expect(planned).toMatch(/^20,000 units find a change of \+1\.96 pp or -1\.97 pp, or a larger one/m);
});

test("its plan fits a file with the columns that it names", async () => {
  const [, plan = ""] = /```yaml\n([\s\S]*?)```/.exec(document) ?? [];
  const header = "unit,variant,resolved,latency,cost,error_rate,output_tokens";
  const rows = Array.from({ length: 400 }, (_, unit) =>
    [
      `u${unit}`,
      unit % 2 ? "argon" : "flash",
      unit % 3 ? 1 : 0,
      900 + unit,
      0.001 + unit * 1e-6,
      0,
      unit,
    ].join(","),
  );
  writeFileSync(join(folder, "results.csv"), [header, ...rows].join("\n"));
  writeFileSync(join(folder, "plan.yaml"), plan);
  const { analysis } = await analyseResults(join(folder, "results.csv"), join(folder, "plan.yaml"));
  expect(analysis.metrics.map(({ plan: { name, role } }) => `${role} ${name}`)).toEqual([
    "primary resolved",
    "secondary output_tokens",
    "guardrail latency_p95",
    "guardrail cost",
    "guardrail error_rate",
  ]);
});

test("its utility is told of a file with the columns that it names", async () => {
  const [, [, plan = ""] = []] = [...document.matchAll(/```yaml\n([\s\S]*?)```/g)];
  const rows = Array.from({ length: 400 }, (_, unit) =>
    [`u${unit}`, unit % 2 ? "argon" : "flash", unit % 3 ? 1 : 0, 900 + unit, 0.001 + unit * 1e-6].join(","),
  );
  writeFileSync(join(folder, "results.csv"), ["unit,variant,resolved,latency,cost", ...rows].join("\n"));
  writeFileSync(join(folder, "plan.yaml"), plan);
  const { analysis } = await analyseResults(join(folder, "results.csv"), join(folder, "plan.yaml"));
  expect([...(analysis.utility?.plan.weights ?? [])]).toEqual([
    ["resolved", 0.2],
    ["latency", -0.000001],
    ["cost", -1],
  ]);
  expect(analysis.pareto?.metrics.map(({ name }) => name)).toEqual(["resolved", "cost"]);
});
