import { parseArgs } from "node:util";
import { isSame } from "./evaluators/compare.ts";
import { comparisonLine, outsideEvaluators, runEvaluators } from "./evaluators/run-evaluators.ts";

/**
 * `npm run bench:evaluators` installs Inspect, lm-eval and promptfoo into a temporary folder, has each evaluate GSM8K on Signalbox, and
 * prints whether `signalbox eval run` says the same of every item. `-- --tool inspect-ai --limit 100`. Exit code 0: it does, 1: it does
 * not, 2: called wrongly, 3: a tool cannot be installed or run.
 */

const { values } = parseArgs({
  options: {
    tool: { type: "string", multiple: true },
    limit: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const names = values.tool ?? outsideEvaluators.map(({ name }) => name);
const unknown = names.filter((name) => !outsideEvaluators.some((tool) => tool.name === name));

if (unknown.length > 0) {
  const known = outsideEvaluators.map(({ name }) => name).join(", ");
  process.stderr.write(`Cannot run ${unknown.join(", ")}: ${known} are wanted\n`);
  process.exitCode = 2;
} else {
  const tools = outsideEvaluators.filter(({ name }) => names.includes(name));
  try {
    const limit = values.limit === undefined ? undefined : Number(values.limit);
    const compared = await runEvaluators(tools, limit, (line) => process.stderr.write(`${line}\n`));
    const lines = compared.flatMap((one) => [comparisonLine(one), ...one.otherVerdicts]);
    process.stdout.write(`${values.json ? JSON.stringify(compared) : lines.join("\n")}\n`);
    process.exitCode = compared.every(isSame) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 3;
  }
}
