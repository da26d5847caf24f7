import type { Command } from "commander";
import { analyseFile, type AnalyseFlags } from "#cli/analyse-results.ts";
import type { CommandKit } from "#cli/deployment-commands.ts";
import { lifecycleCommands } from "#cli/experiment/lifecycle-commands.ts";

/** `signalbox experiment ...` */
export function experimentCommand(experiment: Command, kit: CommandKit): Command {
  const { command, outputOf } = kit;
  return lifecycleCommands(experiment, kit).addCommand(
    command("analyse", "Compare variants by a CSV file of results; needs no running Signalbox")
      .requiredOption("--file <file>", "columns unit, variant and metrics; see docs/experiment-analysis.md")
      .option("--plan <file>", "a YAML file with what is to be decided; assumed where there is none")
      .option("--html <file>", "write a report as one HTML page")
      .option("--markdown <file>", "write a report in Markdown")
      .action(({ json, ...flags }: AnalyseFlags & { readonly json?: boolean }) =>
        analyseFile(flags, outputOf({ ...(json && { json }) })),
      ),
  );
}
