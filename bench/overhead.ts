import { readOptions, type OverheadOptions } from "./overhead/options.ts";
import { textReport } from "./overhead/report.ts";
import { runOverhead } from "./overhead/run-overhead.ts";

/**
 * `npm run bench:overhead` measures what Signalbox costs beside a bare proxy; bench/README.md says how to read it.
 * Exits with 1 when a figure is not as wanted, with 2 when it was called wrongly, with 3 where it cannot measure.
 */

const options = optionsOrExit();
if (process.platform !== "linux")
  exit(3, "Cannot measure CPU time and memory: Linux is wanted, they are read from /proc");
const report = await runOverhead(options, (part) => process.stderr.write(`${part} ...\n`));
process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : textReport(report));
process.exitCode = report.figures.some(({ verdict }) => verdict === "fails") ? 1 : 0;

function optionsOrExit(): OverheadOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return exit(2, error instanceof Error ? error.message : String(error));
  }
}

function exit(code: number, reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(code);
}
