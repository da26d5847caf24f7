import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { runNode } from "./run-node.ts";

/** What vitest counted over some test files. */
export interface TestCount {
  readonly total: number;
  /** Those that ran and held; a skipped one did not. */
  readonly passed: number;
  /** A line for each file: its name, and how many of its tests held. */
  readonly files: readonly string[];
  /** Names of the tests that did not hold, with the first line of the reason. */
  readonly failures: readonly string[];
}

/** Longest run of a claim's tests, ms. */
const testsMsMax = 10 * 60_000;

const reportShape = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});

type TestFile = z.output<typeof reportShape>["testResults"][number];

/** Runs test files as `npm test` does, in a process of their own. A file that does not load counts as one failed test. */
export async function runTests(path: string): Promise<TestCount> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-proof-"));
  try {
    const report = join(folder, "report.json");
    const vitest = [
      "node_modules/vitest/vitest.mjs",
      "run",
      path,
      "--reporter=json",
      `--outputFile=${report}`,
    ];
    // As on a build server: a test that lacks its tools fails there, and does not pass by being left out.
    const { output } = await runNode(vitest, { environment: { CI: "true" }, timeoutMs: testsMsMax });
    const text = await readFile(report, "utf8").catch((cause: unknown) => {
      throw new Error(`Cannot run "${path}": a report is wanted, vitest wrote none\n${output}`, { cause });
    });
    return counted(reportShape.parse(JSON.parse(text)).testResults);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function counted(results: readonly TestFile[]): TestCount {
  const files = results.map((file) => ({
    ...file,
    total: Math.max(1, file.assertionResults.length),
    passed: file.assertionResults.filter(({ status }) => status === "passed").length,
  }));
  return {
    total: files.reduce((sum, { total }) => sum + total, 0),
    passed: files.reduce((sum, { passed }) => sum + passed, 0),
    files: files.map(({ name, total, passed }) => `${basename(name)}: ${passed} of ${total}`),
    failures: files.flatMap(failuresOf),
  };
}

function failuresOf({ name, message, assertionResults }: TestFile): readonly string[] {
  if (assertionResults.length === 0) return [`${basename(name)} did not load: ${firstLine(message)}`];
  return assertionResults
    .filter(({ status }) => status !== "passed")
    .map((test) => `${test.fullName}: ${firstLine(test.failureMessages[0] ?? test.status)}`);
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
