import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { runNode } from "./run-node.ts";

/** Longest run of some test files, ms. */
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

/** A test file as vitest reports it: its path, why it did not load, its tests. */
export type TestFile = z.output<typeof reportShape>["testResults"][number];

/** How tests are run that are not the usual ones. */
export interface TestRun {
  /** Files and folders, relative to the repository. */
  readonly paths: readonly string[];
  /** Another configuration than the repository's own. */
  readonly config?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs test files with vitest, in a process of their own, and gives what became of each.
 * @throws Error when vitest wrote no report, with what it said
 */
export async function testResults({ paths, config, environment }: TestRun): Promise<readonly TestFile[]> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-tests-"));
  try {
    const report = join(folder, "report.json");
    const vitest = [
      "node_modules/vitest/vitest.mjs",
      "run",
      ...paths,
      ...(config === undefined ? [] : [`--config=${config}`]),
      "--reporter=json",
      `--outputFile=${report}`,
    ];
    // As on a build server: a test that lacks its tools fails there, and does not pass by being left out.
    const { output } = await runNode(vitest, {
      environment: { ...environment, CI: "true" },
      timeoutMs: testsMsMax,
    });
    const text = await readFile(report, "utf8").catch((cause: unknown) => {
      throw new Error(`Cannot run "${paths.join(" ")}": a report is wanted, vitest wrote none\n${output}`, {
        cause,
      });
    });
    return reportShape.parse(JSON.parse(text)).testResults;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first line of the reason why a test failed. */
export function firstReason(test: TestFile["assertionResults"][number]): string {
  return firstLine(test.failureMessages[0] ?? test.status);
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
