import { Option, type Command } from "commander";
import type { CommandKit } from "#cli/deployment-commands.ts";
import { calibrateJudges, type CalibrateFlags } from "#cli/evaluation/calibrate-judges.ts";
import { callsAtOnce } from "#cli/evaluation/calls-at-once.ts";
import { errorRate, reportCommands } from "#cli/evaluation/report-commands.ts";
import { runEvaluationCommand, type RunFlags } from "#cli/evaluation/run-evaluation.ts";
import { dollars } from "#cli/evaluation/dollars.ts";
import { serverRunCommands } from "#cli/evaluation/server-run-commands.ts";
import { present } from "#core/kernel/present.ts";
import type { Environment } from "#environment/environment.ts";

interface Json {
  readonly json?: boolean;
}

/** `signalbox eval ...` */
export function evaluationCommand(evaluation: Command, environment: Environment, kit: CommandKit): Command {
  const { command, outputOf } = kit;
  for (const one of [...reportCommands(kit), ...serverRunCommands(kit)]) evaluation.addCommand(one);
  const run = command("run", "Ask every item of a data set, score the answers, and keep what came of each");
  const calibrate = command(
    "calibrate",
    "Ask judges what humans judged, and say how far they can be trusted",
  );
  return evaluation
    .addCommand(
      kept(run, "the evaluation, in YAML or JSON; see docs/evaluations.md").action(
        (file: string, { json, ...flags }: Omit<RunFlags, "file"> & Json) =>
          runEvaluationCommand(environment, { file, ...flags }, outputOf(present({ json }))),
      ),
    )
    .addCommand(
      kept(calibrate, "the calibration, in YAML or JSON; see docs/judges.md")
        .option("--alpha <rate>", "error rate of intervals", errorRate, 0.05)
        .option("--markdown <file>", "write the report in Markdown")
        .action((file: string, { json, ...flags }: Omit<CalibrateFlags, "file"> & Json) =>
          calibrateJudges(environment, { file, ...flags }, outputOf(present({ json }))),
        ),
    );
}

/** What is the same of all runs: where they are kept, gone on with and bounded. */
function kept(command: Command, file: string): Command {
  return command
    .argument("<file>", file)
    .option("--out <folder>", "where it is kept; evaluations/<name>-<time> where nothing is said")
    .addOption(new Option("--resume <folder>", "go on with the run of that folder").conflicts("out"))
    .addOption(
      new Option("--retry <what>", "ask again, beside what is left, what had no answer").choices([
        "errors",
      ] as const),
    )
    .option("--concurrency <number>", "calls under way at most, in place of the file's", callsAtOnce)
    .option("--budget <usd>", "US dollars at which nothing more is begun, in place of the file's", dollars);
}
