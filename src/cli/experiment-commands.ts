import { Option, type Command } from "commander";
import { analyseFile, type AnalyseFlags } from "#cli/analyse-results.ts";
import { wholeNumber, type CommandKit } from "#cli/deployment-commands.ts";
import { experimentResults, type ResultsFlags } from "#cli/experiment/experiment-results.ts";
import { lifecycleCommands } from "#cli/experiment/lifecycle-commands.ts";
import { planCommand } from "#cli/experiment/plan-command.ts";
import { present } from "#core/kernel/present.ts";
import { csvTables } from "#features/experiments/index.ts";

/** `signalbox experiment ...` */
export function experimentCommand(experiment: Command, kit: CommandKit): Command {
  const { command, outputOf } = kit;
  return lifecycleCommands(experiment, kit)
    .addCommand(
      reported(
        command("results", "What came of an experiment, by now or in all").argument(
          "<name>",
          "the experiment",
        ),
      )
        .option("--phase <number>", "which phase; the newest where nothing is said", wholeNumber)
        .action((name: string, { json, ...flags }: Omit<ResultsFlags, "name"> & Json) =>
          experimentResults(kit.server, { name, ...flags }, outputOf(present({ json }))),
        ),
    )
    .addCommand(
      reported(
        command("analyse", "Compare variants by a CSV file of results; needs no running Signalbox")
          .requiredOption(
            "--file <file>",
            "columns unit, variant and metrics; see docs/experiment-analysis.md",
          )
          .option("--plan <file>", "a YAML file with what is to be decided; assumed where there is none"),
      ).action(({ json, ...flags }: AnalyseFlags & Json) => analyseFile(flags, outputOf(present({ json })))),
    )
    .addCommand(planCommand(kit));
}

interface Json {
  readonly json?: boolean;
}

/** A command that writes reports beside what it says. */
function reported(command: Command): Command {
  return command
    .option("--html <file>", "write a report as one HTML page")
    .option("--markdown <file>", "write a report in Markdown")
    .option("--csv <file>", "write a table as CSV")
    .addOption(new Option("--table <name>", "which table, metrics where nothing is said").choices(csvTables));
}
