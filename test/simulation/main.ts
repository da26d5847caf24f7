import { parseArgs } from "node:util";
import { violationsOf, type Violation } from "./checkers/all-checkers.ts";
import { replayCommand, runSeeds } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";

/**
 * `npm run simulate -- --seed 17` tells the story of a seed; `-- --seeds 2000` runs many and tells which do not hold, from
 * 0 or from `--from`. Exits with 1 when something does not hold, with 2 when it was called wrongly.
 */

/** Violations of one fact that are printed. */
const printedMax = 5;

const options = readOptions();
const failed = options.seed === undefined ? await runMany(options) : await tellOne(options.seed);
process.exitCode = failed ? 1 : 0;

async function tellOne(seed: number): Promise<boolean> {
  const history = await simulate(seed, { write: printLine });
  const violations = violationsOf(history);
  printLine("");
  printLine(`seed ${seed}: ${history.requests.length} requests, ${history.calls.length} calls`);
  printViolations(violations);
  return violations.length > 0;
}

async function runMany(options: { readonly from: number; readonly seeds: number }): Promise<boolean> {
  const began = performance.now();
  const { seeds, requests, broken } = await runSeeds(options, ({ seed, violations }) => {
    printLine(`seed ${seed} does not hold (${replayCommand(seed)}):`);
    printViolations(violations);
  });
  const tookSeconds = (performance.now() - began) / 1_000;
  printLine(
    `${seeds - broken.length} of ${seeds} seeds hold: ${requests} requests in ${tookSeconds.toFixed(1)} s`,
  );
  return broken.length > 0;
}

function printViolations(violations: readonly Violation[]): void {
  if (violations.length === 0) printLine("everything holds");
  for (const { fact, found } of violations) {
    printLine(`  wanted: ${fact}`);
    for (const sentence of found.slice(0, printedMax)) printLine(`    ${sentence}`);
    if (found.length > printedMax) printLine(`    and ${found.length - printedMax} more`);
  }
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readOptions(): { readonly seed: number | undefined; readonly seeds: number; readonly from: number } {
  try {
    const { values } = parseArgs({
      options: { seed: { type: "string" }, seeds: { type: "string" }, from: { type: "string" } },
    });
    return {
      seed: values.seeds === undefined ? wholeNumber("--seed", values.seed ?? "0") : undefined,
      seeds: wholeNumber("--seeds", values.seeds ?? "1"),
      from: wholeNumber("--from", values.from ?? values.seed ?? "0"),
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new Error(`Cannot simulate with ${name} "${text}": a whole number is wanted`);
  return Number(text);
}
