import { Command, CommanderError, Option } from "commander";
import { benchCommand } from "#cli/bench/bench-command.ts";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import { applyFile, planFile, rollBack, type ApplyFlags } from "#cli/configuration.ts";
import { configurationPath } from "#cli/configuration-path.ts";
import { dataCommand } from "#cli/data-commands.ts";
import { deployCommand, deploymentsCommand, wholeNumber, type CommandKit } from "#cli/deployment-commands.ts";
import { runDemo } from "#cli/demo/run-demo.ts";
import { runEmulator } from "#cli/emulator.ts";
import { eraseSubject, type EraseFlags } from "#cli/erase.ts";
import { evaluationCommand } from "#cli/evaluation-commands.ts";
import { experimentCommand } from "#cli/experiment-commands.ts";
import { exitCodes } from "#cli/exit-codes.ts";
import { createKey, listKeys, revokeKey } from "#cli/keys.ts";
import { runMigrate } from "#cli/migrate.ts";
import { streamOutput, type Streams } from "#cli/output.ts";
import { outcomesCommand } from "#cli/outcome-commands.ts";
import { promptsCommand } from "#cli/prompt-commands.ts";
import { runUp } from "#cli/up.ts";
import { version } from "#composition/version.ts";
import { ClientError } from "#client/client-error.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { readEnvironment, type Environment, type RawEnvironment } from "#environment/environment.ts";

/**
 * Runs a command line.
 * @param words what stands behind `signalbox`
 * @param streams where its words go
 * @returns the exit code (see exit-codes.ts)
 */
export async function run(
  words: readonly string[],
  raw: RawEnvironment,
  streams: Streams = process,
): Promise<number> {
  const environment = readEnvironment(raw);
  if (!environment.ok) {
    for (const { message } of environment.error) streams.stderr.write(`${message}\n`);
    return exitCodes.usage;
  }
  try {
    await createProgram(environment.value, streams).parseAsync(words, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    return failure(error, streams);
  }
}

function createProgram(environment: Environment, streams: Streams): Command {
  const program = new Command("signalbox")
    .description("One system in front of many LLMs")
    .version(version)
    // Flags belong to the command that they stand behind: a command below another may have some of the same name.
    .enablePositionalOptions()
    .showHelpAfterError();
  for (const one of commands(environment, ({ json }) => streamOutput(streams, json ?? false)))
    program.addCommand(one);
  return wired(program, streams);
}

/** A command and all below it: they tell errors instead of ending the process, and speak on the streams. */
function wired(parent: Command, { stdout, stderr }: Streams): Command {
  parent.exitOverride().configureOutput({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
  });
  for (const child of parent.commands) wired(child, { stdout, stderr });
  return parent;
}

type OutputOf = CommandKit["outputOf"];

function commands(environment: Environment, outputOf: OutputOf): readonly Command[] {
  return [
    command("up", "Run Signalbox").action((options: Json) => runUp(environment, outputOf(options))),
    emulatorCommand(outputOf),
    demoCommand(environment, outputOf),
    keysCommand(environment, outputOf),
    deployCommand(kitOf(environment, outputOf)),
    deploymentsCommand(
      new Command("deployments").description(
        "List, drain, disable, enable, weigh and forget deployments at run time",
      ),
      kitOf(environment, outputOf),
    ),
    promptsCommand(
      new Command("prompts").description("List, show, compare, render, publish and label prompts"),
      kitOf(environment, outputOf),
    ),
    experimentCommand(
      new Command("experiment").description("Run experiments, compare variants, and say what to do"),
      kitOf(environment, outputOf),
    ),
    dataCommand(
      new Command("data").description("Look at data sets that evaluations ask, and make them of the log"),
      kitOf(environment, outputOf),
    ),
    evaluationCommand(
      new Command("eval").description("Evaluate variants, routes and models on data sets"),
      environment,
      kitOf(environment, outputOf),
    ),
    outcomesCommand(
      new Command("outcomes").description("Take in what came of answers, as other systems know it"),
      kitOf(environment, outputOf),
    ),
    benchCommand(kitOf(environment, outputOf), environment),
    eraseCommand(kitOf(environment, outputOf)),
    ...configurationCommands(environment, outputOf),
    command("migrate", "Bring the database's schema up to date").action((options: Json) =>
      runMigrate(environment, outputOf(options)),
    ),
  ];
}

/** Every command answers JSON when it is asked to. */
interface Json {
  readonly json?: boolean;
}

function command(name: string, description: string): Command {
  return new Command(name).description(description).option("--json", "answer one JSON value");
}

function kitOf({ serverUrl, apiKey }: Environment, outputOf: OutputOf): CommandKit {
  return { command, outputOf, server: { url: serverUrl, apiKey: apiKey?.reveal() } };
}

function emulatorCommand(outputOf: OutputOf): Command {
  return command("emulator", "Run the emulated Gemini API (and OpenAI-compatible server) alone")
    .option("--port <port>", "TCP port to listen on; 0 takes a free one", wholeNumber, 8090)
    .option("--host <host>", "address to listen on", "127.0.0.1")
    .option("--seed <text>", "everything random follows from it", "signalbox")
    .addOption(
      new Option("--latency <kind>", "how long answers take")
        .choices(["realistic", "zero"] as const)
        .default("realistic"),
    )
    .addOption(
      new Option("--quota <tier>", "quotas per key and model").choices(["free", "tier1", "tier2"] as const),
    )
    .option("--answer-keys <file>", "questions whose answers models know, with their skills, in YAML or JSON")
    .action((options: Parameters<typeof runEmulator>[0] & Json) => runEmulator(options, outputOf(options)));
}

function demoCommand(environment: Environment, outputOf: OutputOf): Command {
  return command("demo", "Send life-like traffic to a running Signalbox, or to one started for it")
    .option("--requests <count>", "conversations to hold", wholeNumber, 240)
    .option("--seconds <seconds>", "how long they take", wholeNumber, 45)
    .action((options: { readonly requests: number; readonly seconds: number } & Json) =>
      runDemo(environment, options, outputOf(options)),
    );
}

function keysCommand(environment: Environment, outputOf: OutputOf): Command {
  const { serverUrl, apiKey } = environment;
  const server = { url: serverUrl, apiKey: apiKey?.reveal() };
  const keys = new Command("keys").description("Make, list and revoke API keys of a running Signalbox");
  return keys
    .addCommand(
      command("create", "Make a key; it is shown once")
        .argument("<name>", "what it is for")
        .action((name: string, options: Json) => createKey(server, name, outputOf(options))),
    )
    .addCommand(command("list", "List keys").action((options: Json) => listKeys(server, outputOf(options))))
    .addCommand(
      command("revoke", "Make a key invalid")
        .argument("<id>", "the key's public id")
        .action((id: string, options: Json) => revokeKey(server, id, outputOf(options))),
    );
}

function eraseCommand({ server, outputOf }: CommandKit): Command {
  return command("erase", "Delete what is kept of a unit or a conversation; it cannot be taken back")
    .option("--unit <name>", "named as in x-signalbox-unit")
    .option("--conversation <name>", "named as in x-signalbox-conversation")
    .action(({ json, ...flags }: EraseFlags & Json) =>
      eraseSubject(server, flags, outputOf({ ...(json && { json }) })),
    );
}

function configurationCommands(environment: Environment, outputOf: OutputOf): readonly Command[] {
  const { serverUrl, apiKey } = environment;
  const server = { url: serverUrl, apiKey: apiKey?.reveal() };
  return [
    command("plan", "Say what a configuration file would change of a running Signalbox")
      .argument("[file]", "the file", configurationPath(environment))
      .action((file: string, options: Json) => planFile(server, file, outputOf(options))),
    applyCommand("apply", "Bring a configuration file into force in a running Signalbox")
      .argument("[file]", "the file", configurationPath(environment))
      .action((file: string, { json, ...flags }: Json & ApplyFlags) =>
        applyFile(server, { file, ...flags }, outputOf({ ...(json && { json }) })),
      ),
    applyCommand("rollback-config", "Bring an earlier configuration into force again")
      .argument("<version>", "its number or its hash")
      .action((to: string, { json, ...flags }: Json & ApplyFlags) =>
        rollBack(server, { to, ...flags }, outputOf({ ...(json && { json }) })),
      ),
  ];
}

/** A command that applies a configuration: on which base, and why. */
function applyCommand(name: string, description: string): Command {
  return command(name, description)
    .option("--base <version>", "refuse when another version is the newest by now")
    .option("--comment <text>", "why; stands in the history");
}

/** What a check of the server's did not let pass; a call that is made wrongly is another thing. */
const failedChecks: ReadonlySet<string> = new Set(["conflict", "invalid-configuration"]);

/** What is refused before anything is done: it would be again. */
const wrongCalls: ReadonlySet<string> = new Set(["invalid-configuration", "invalid-request", "not-found"]);

function clientFailure({ kind, code }: ClientError): number {
  if (kind !== "refused") return exitCodes.infrastructure;
  return code !== undefined && failedChecks.has(code) ? exitCodes.failed : exitCodes.usage;
}

/** Tells what went wrong and which exit code that is. */
function failure(error: unknown, { stderr }: Streams): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof CheckFailedError) return exitCodes.failed;
  if (error instanceof ClientError) {
    stderr.write(`${error.message}\n`);
    return clientFailure(error);
  }
  if (error instanceof AppError) {
    stderr.write(`${error.message}\n`);
    return wrongCalls.has(error.code) ? exitCodes.usage : exitCodes.infrastructure;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`${text}\n`);
  return exitCodes.infrastructure;
}
