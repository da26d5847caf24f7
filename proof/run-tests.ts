import { basename } from "node:path";
import { firstLine, firstReason, testResults, type TestFile } from "./test-results.ts";

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

/** Runs test files as `npm test` does, in a process of their own. A file that does not load counts as one failed test. */
export async function runTests(path: string): Promise<TestCount> {
  return counted(await testResults({ paths: [path] }));
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
    .map((test) => `${test.fullName}: ${firstReason(test)}`);
}
