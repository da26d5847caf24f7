import { readOptions, type FaultsOptions } from "./faults/options.ts";
import { runFaults } from "./faults/run-faults.ts";
import { isAsWanted, summaryOf } from "./faults/summary.ts";
import { textReport } from "./faults/text-report.ts";
import { machine } from "./measure/machine.ts";

/**
 * `npm run bench:faults` asks a gateway while its providers fail in every way; bench/faults/README.md says how to point it
 * at one. Exits with 1 when a cell is not as wanted, with 2 when it was called wrongly, with 3 when it cannot measure.
 */

const options = optionsOrExit();
const result = await runFaults(options, (line) => process.stderr.write(`${line}\n`)).catch((error: unknown) =>
  exit(3, error instanceof Error ? error.message : String(error)),
);
if ("wiring" in result) process.stdout.write(`${JSON.stringify(result.wiring, null, 2)}\n`);
else {
  const summary = summaryOf(result.judged);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ machine: machine(), summary, cells: result.judged }, null, 2)}\n`
      : textReport(result.judged),
  );
  process.exitCode = isAsWanted(summary) ? 0 : 1;
}

function optionsOrExit(): FaultsOptions {
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
