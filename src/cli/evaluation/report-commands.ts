import { InvalidArgumentError, Option, type Command } from "commander";
import { wholeNumber, type CommandKit } from "#cli/deployment-commands.ts";
import {
  compareEvaluation,
  gateEvaluation,
  reportEvaluation,
  type ReportFlags,
} from "#cli/evaluation/report-evaluation.ts";
import { present } from "#core/kernel/present.ts";
import { reportTables } from "#features/evaluations/index.ts";

type Flags = Omit<ReportFlags, "folders"> & { readonly json?: boolean };

/** `signalbox eval report`, `compare` and `gate`: what read the folders of runs, and need no running Signalbox. */
export function reportCommands({ command, outputOf }: CommandKit): readonly Command[] {
  return [
    reported(command("report", "Say what runs came to, with error bars")).action(
      (folders: string[], { json, ...flags }: Flags) =>
        reportEvaluation({ folders, ...flags }, outputOf(present({ json }))),
    ),
    compared(reported(command("compare", "Compare runs, or the targets of one, item by item"))).action(
      (folders: string[], { json, ...flags }: Flags) =>
        compareEvaluation({ folders, ...flags }, outputOf(present({ json }))),
    ),
    compared(reported(command("gate", "Fail where runs break a bound, or are worse than a baseline")))
      .option("--gate <file>", "what is let through, in YAML; nothing worse by a point where nothing is said")
      .action((folders: string[], { json, ...flags }: Flags & { readonly gate?: string }) =>
        gateEvaluation({ folders, ...flags }, outputOf(present({ json }))),
      ),
  ];
}

function reported(command: Command): Command {
  return command
    .argument("<folders...>", "folders of runs, one of each evaluation")
    .option("--alpha <rate>", "error rate of intervals, and of all comparisons together", errorRate, 0.05)
    .addOption(
      new Option("--errors <reading>", "how comparisons take items that failed").choices([
        "left_out",
        "as_wrong",
      ] as const),
    )
    .option(
      "--against <target>",
      "which target of a run others are compared with; its first where nothing is said",
    )
    .option("--resamples <count>", "of the bootstrap; 0 leaves it out", wholeNumber)
    .option("--seed <number>", "the bootstrap follows from it", wholeNumber)
    .option(
      "--judge-calibration <folder>",
      "correct the scores of judges by what `eval calibrate` kept there; see docs/judges.md",
    )
    .option("--html <file>", "write a report as one HTML page")
    .option("--markdown <file>", "write a report in Markdown, for a comment of a pull request")
    .option("--junit <file>", "write checks, or answers, as JUnit's XML")
    .option("--csv <file>", "write a table as CSV")
    .addOption(
      new Option("--table <name>", "which table, scores where nothing is said").choices(reportTables),
    );
}

function compared(command: Command): Command {
  return command
    .option(
      "--baseline <folder>",
      "the folder of a run that these are compared with; once for each evaluation",
      (folder: string, others: readonly string[] | undefined) => [...(others ?? []), folder],
    )
    .option("--other-data", "compare although the data set is another, as far as ids are the same");
}

/** Reads an error rate in (0, 1). */
export function errorRate(text: string): number {
  const rate = Number(text);
  if (rate > 0 && rate < 1) return rate;
  throw new InvalidArgumentError("a number between 0 and 1 is wanted");
}
