import { parseArgs } from "node:util";
import { runBeside, type BesideOptions } from "./beside/run-beside.ts";
import { besideText } from "./beside/beside-text.ts";

/**
 * `npm run bench:beside -- <checkout>` measures what has become of Signalbox's speed since another checkout of it;
 * bench/README.md says how to read it. Exits with 1 when it is slower by more than is wanted, with 2 when it was called wrongly.
 */

const startsMax = 100;
const { json, ...options } = optionsOrExit();
const report = await runBeside(options, (start) => process.stderr.write(`start ${start} ...\n`));
process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : besideText(report));
process.exitCode = report.verdict === "holds" ? 0 : 1;

function optionsOrExit(): BesideOptions & { readonly json: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      starts: { type: "string", default: "5" },
      profiles: { type: "string" },
    },
  });
  const [checkout] = positionals;
  const starts = Number(values.starts);
  if (
    checkout !== undefined &&
    positionals.length === 1 &&
    Number.isInteger(starts) &&
    starts >= 1 &&
    starts <= startsMax
  )
    return { checkout, starts, profiles: values.profiles, json: values.json };
  process.stderr.write(
    `Cannot measure: one checkout and --starts from 1 to ${startsMax} are wanted, got "${positionals.join(" ")}" and "${values.starts}"\n`,
  );
  process.exit(2);
}
