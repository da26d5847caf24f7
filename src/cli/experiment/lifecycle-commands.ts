import { Option, type Command } from "commander";
import { wholeNumber, type CommandKit } from "#cli/deployment-commands.ts";
import { decideExperiment } from "#cli/experiment/decide-experiment.ts";
import type { ChangeFlags } from "#cli/experiment/experiment-shape.ts";
import { listExperiments } from "#cli/experiment/list-experiments.ts";
import { operateExperiment } from "#cli/experiment/operate-experiment.ts";
import { showExperiment } from "#cli/experiment/show-experiment.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";

interface Json {
  readonly json?: boolean;
}

interface DecideFlags extends Json {
  readonly winner?: string;
  readonly none?: true;
  readonly why: string;
  readonly epoch?: number;
}

const operations = [
  ["start", "Start a draft: it takes requests from now on"],
  ["pause", "Pause an experiment: it takes no requests until it is resumed"],
  ["resume", "Resume an experiment: each unit goes on with its variant"],
  ["stop", "Stop an experiment for good"],
] as const;

/** `signalbox experiment`: list, status, start, pause, resume, stop, decide. */
export function lifecycleCommands(parent: Command, { command, outputOf, server }: CommandKit): Command {
  const output = (json: boolean | undefined) => outputOf(present({ json }));
  parent
    .addCommand(
      command("list", "List experiments: how each stands, and what it compares").action(({ json }: Json) =>
        listExperiments(server, output(json)),
      ),
    )
    .addCommand(
      command("status", "Show an experiment and all that was done with it")
        .argument("<name>", "the experiment")
        .action((name: string, { json }: Json) => showExperiment(server, name, output(json))),
    );
  for (const [operation, description] of operations)
    parent.addCommand(
      onSeen(command(operation, description).argument("<name>", "the experiment"))
        .option("--why <text>", "why; kept with the change")
        .action((name: string, { json, ...flags }: ChangeFlags & Json) =>
          operateExperiment(server, operation, { name, ...flags }, output(json)),
        ),
    );
  return parent.addCommand(
    onSeen(
      command("decide", "Note what follows from a stopped experiment; changes no route").argument(
        "<name>",
        "the experiment",
      ),
    )
      .option("--winner <variant>", "the variant that it is decided for")
      .addOption(new Option("--none", "it is decided for none of them").conflicts("winner"))
      .requiredOption("--why <text>", "why; kept with the decision")
      .action((name: string, { json, winner, none, why, epoch }: DecideFlags) => {
        if (winner === undefined && !none) throw undecided(name);
        const decision = { name, winner: winner ?? null, why, ...present({ epoch }) };
        return decideExperiment(server, decision, output(json));
      }),
  );
}

function onSeen(command: Command): Command {
  return command.option(
    "--epoch <number>",
    "refuse when it was changed since it had this epoch",
    wholeNumber,
  );
}

function undecided(name: string): AppError {
  return new AppError(
    "invalid-request",
    `Cannot decide experiment "${name}": --winner <variant> or --none is wanted`,
  );
}
