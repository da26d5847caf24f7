import { InvalidArgumentError, Option, type Command } from "commander";
import { capacityCommand } from "#cli/bench/capacity-command.ts";
import { runBench } from "#cli/bench/run-bench.ts";
import type { BenchFlags } from "#cli/bench/written-benchmark.ts";
import { wholeNumber, type CommandKit } from "#cli/deployment-commands.ts";
import { present } from "#core/kernel/present.ts";
import type { Environment } from "#environment/environment.ts";

const profiles = ["closed", "constant", "poisson", "ramp", "step", "spike", "trace", "sweep"];

/** `signalbox bench`: needs no running Signalbox where its targets are other servers. */
export function benchCommand(kit: CommandKit, environment: Environment): Command {
  const bench = kit
    .command("bench", "Make load on a server, or on several at once, and measure how it is borne")
    .argument("[file]", "a YAML file with the benchmark, in place of flags; see docs/benchmarks.md");
  return (
    reports(behaviour(load(targets(bench))))
      .action((file: string | undefined, { json, ...flags }: BenchFlags & { readonly json?: boolean }) =>
        runBench({ file, flags }, environment, kit.outputOf(present({ json }))),
      )
      .addCommand(capacityCommand(kit))
      // Capacity has flags of the same names as its parent.
      .enablePositionalOptions()
  );
}

function targets(bench: Command): Command {
  return bench
    .option("--url <url>", "where requests go; SIGNALBOX_URL where nothing is said")
    .option("--target <name=url>", "one of several that get the same load; may be repeated", collected, [])
    .option("--model <model>", "the model, or a route of Signalbox")
    .addOption(new Option("--dialect <name>", "the wire protocol").choices(["openai-chat", "gemini"]))
    .option("--no-stream", "ask for whole answers")
    .option("--key-env <variable>", "the environment variable with the API key")
    .option("--prices <prices>", "of a million tokens in US dollars, as input=0.10,output=0.40")
    .option("--prometheus <url>", "metrics of the deployment, read while the run lasts");
}

function load(bench: Command): Command {
  return bench
    .addOption(
      new Option("--profile <kind>", "how load comes; constant where nothing is said").choices(profiles),
    )
    .option("--rate <number>", "requests per second; of a spike those beside it", number)
    .option("--users <number>", "of a closed loop: requests under way at once", wholeNumber)
    .option("--duration <time>", "how long requests are started, as 60s; of a sweep at each rate")
    .option("--from <number>", "of a ramp and a sweep: the first rate", number)
    .option("--to <number>", "of a ramp and a sweep: the last rate", number)
    .option("--rates <numbers>", "of steps: their rates, as 5,10,20", numbers)
    .option("--peak <number>", "of a spike: its rate", number)
    .option("--spike <time>", "of a spike: how long it lasts")
    .option("--trace <file>", "of a trace: its file (Azure, Mooncake, an export of the log, or CSV)")
    .option("--speed <number>", "of a trace: how many times faster it is", number)
    .option("--requests <number>", "requests to each target, at most", wholeNumber)
    .option("--warmup <time>", "requests of the beginning that are not measured")
    .option("--repeats <number>", "runs one after another, for intervals", wholeNumber)
    .option("--seed <number>", "everything random follows from it", wholeNumber);
}

function behaviour(bench: Command): Command {
  return bench
    .option("--prompts <file>", "JSON Lines or CSV with a prompt in each row, in place of made-up ones")
    .option("--prompt-field <name>", "the field or column with it; prompt where nothing is said")
    .option("--input-tokens <range>", "length of made-up prompts, about, as 200 or 100-300")
    .option("--output-tokens <range>", "what answers are bounded by")
    .option("--prefix-tokens <number>", "length of the beginning that prompts share", wholeNumber)
    .option("--prefix-groups <number>", "how many such beginnings there are", wholeNumber)
    .option("--turns <number>", "requests of a session, each with what was said before", wholeNumber)
    .option("--think-time <time>", "mean of what a user waits before the next request")
    .option("--cancel-share <share>", "of requests that are broken off on purpose, as 10%")
    .option("--cancel-after <time>", "when they are, after their start; 500ms where nothing is said")
    .option("--timeout <time>", "requests that take longer are failures; 120s where nothing is said")
    .option("--outstanding <number>", "requests under way at once to each target, at most", wholeNumber);
}

function reports(bench: Command): Command {
  return bench
    .option("--slo <bounds>", "what a good request keeps, as ttft=300ms,tpot=50ms")
    .option("--slo-share <share>", "of requests that are to be good; 95% where nothing is said")
    .option("--html <file>", "write the report as one HTML page")
    .option("--markdown <file>", "write the report in Markdown")
    .option("--csv <file>", "write every metric as CSV");
}

function collected(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("a number is wanted");
  return value;
}

function numbers(text: string): readonly number[] {
  return text.split(",").map(number);
}
