import { Option, type Command } from "commander";
import type { CommandKit } from "#cli/deployment-commands.ts";
import { callsAtOnce } from "#cli/evaluation/calls-at-once.ts";
import { dollars } from "#cli/evaluation/dollars.ts";
import { fetchRun, listRuns, resumeRun, startRun, stopRun } from "#cli/evaluation/server-runs.ts";
import { present } from "#core/kernel/present.ts";

interface Json {
  readonly json?: boolean;
}

interface ResumeFlags {
  readonly retry?: "errors";
  readonly budget?: number;
  readonly concurrency?: number;
  readonly detach?: boolean;
}

const runId = "the run's id, see `signalbox eval runs`";

/** `signalbox eval start`, `resume`, `stop`, `runs` and `fetch`: runs that a running Signalbox carries out itself. */
export function serverRunCommands({ command, outputOf, server }: CommandKit): readonly Command[] {
  return [
    followed(
      command(
        "start",
        "Have a running Signalbox carry out an evaluation, which goes on without this command",
      ),
    )
      .argument("<file>", "the evaluation, in YAML or JSON; see docs/evaluations.md")
      .action((file: string, { json, ...flags }: { readonly detach?: boolean } & Json) =>
        startRun(server, { file, ...flags }, outputOf(present({ json }))),
      ),
    followed(command("resume", "Go on with a run that was stopped"))
      .argument("<id>", runId)
      .addOption(
        new Option("--retry <what>", "ask again, beside what is left, what had no answer").choices([
          "errors",
        ] as const),
      )
      .option("--concurrency <number>", "calls under way at most, in place of the bound before", callsAtOnce)
      .option(
        "--budget <usd>",
        "US dollars at which nothing more is begun, in place of the bound before",
        dollars,
      )
      .action((id: string, { json, ...flags }: ResumeFlags & Json) =>
        resumeRun(server, { id, ...flags }, outputOf(present({ json }))),
      ),
    command("stop", "Begin nothing more of a run")
      .argument("<id>", runId)
      .action((id: string, options: Json) => stopRun(server, id, outputOf(options))),
    command("runs", "List the runs that Signalbox carries out itself").action((options: Json) =>
      listRuns(server, outputOf(options)),
    ),
    command("fetch", "Take a run as a folder, for report, compare and gate")
      .argument("<id>", runId)
      .option("--out <folder>", "where it is kept; evaluations/<name>-<id> where nothing is said")
      .action((id: string, { json, ...flags }: { readonly out?: string } & Json) =>
        fetchRun(server, { id, ...flags }, outputOf(present({ json }))),
      ),
  ];
}

function followed(command: Command): Command {
  return command.option("--detach", "do not wait for its end");
}
