import { Option, type Command } from "commander";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import { wholeNumber, type CommandKit } from "#cli/deployment-commands.ts";
import { present } from "#core/kernel/present.ts";
import { listSets, showSet } from "#cli/data-sets.ts";
import { dataFromLog, type LogDataFlags } from "#cli/log-data.ts";
import {
  dataFormats,
  readDataSet,
  readingLines,
  readingProblems,
  readingView,
  type DataSetOptions,
} from "#features/evaluations/index.ts";
import type { Output } from "#cli/output.ts";

interface Json {
  readonly json?: boolean;
}

interface CheckFlags extends Pick<DataSetOptions, "format" | "split"> {
  readonly id?: string;
  readonly cluster?: string;
  readonly tag?: readonly string[];
}

/** `signalbox data ...`: only what comes from the log needs a running Signalbox. */
export function dataCommand(data: Command, { command, outputOf, server }: CommandKit): Command {
  return data
    .addCommand(
      command("from-log", "Make a data set of requests whose content the log kept")
        .requiredOption("--route <route>", "requests of this route")
        .option("--since <period>", "how far back, as 7d or 36h", "7d")
        .option("--feedback <condition>", "only requests with such feedback, as thumbs<0.5")
        .requiredOption("--out <file>", "where the items go, as JSON Lines")
        .option("--limit <count>", "how many items at most, the newest", wholeNumber, 1_000)
        .action(({ json, ...flags }: LogDataFlags & Json) =>
          dataFromLog(server, flags, outputOf(present({ json }))),
        ),
    )
    .addCommand(
      command("list", "The data sets that come with Signalbox").action((options: Json) =>
        listSets(outputOf(options)),
      ),
    )
    .addCommand(
      command("show", "What a data set is, how it is asked and scored, and its first items")
        .argument("<set>", "its name, as `signalbox data list` has it")
        .option("--limit <count>", "how many items", wholeNumber, 3)
        .action((name: string, { json, limit }: Json & { readonly limit: number }) =>
          showSet({ name, limit }, outputOf(present({ json }))),
        ),
    )
    .addCommand(
      command("check", "Read a data set to its end, and say what becomes of its rows")
        .argument("<file>", "JSON Lines, JSON, CSV, TSV, YAML, or tests of promptfoo; also as .gz")
        .addOption(
          new Option("--format <format>", "as the file's name ends when it is left out").choices(dataFormats),
        )
        .option("--id <field>", "the field with the item's id")
        .option("--cluster <field>", "the field that says which items belong together")
        .option("--tag <field...>", "fields by which results may be sliced")
        .option("--split <name>", "only items of this split")
        .action((file: string, { json, ...flags }: CheckFlags & Json) =>
          checkFile(file, flags, outputOf(present({ json }))),
        ),
    );
}

/** @throws CheckFailedError when a row is refused, or something is not understood */
async function checkFile(
  file: string,
  { format, split, id, cluster, tag }: CheckFlags,
  output: Output,
): Promise<void> {
  const columns = present({ id, cluster, tags: tag });
  const reading = readDataSet(file, present({ format, split, columns }));
  for await (const _ of reading.items); // Counted on the way.
  const report = reading.report();
  output.result({ json: readingView(report), lines: readingLines(report) });
  if (readingProblems(report) > 0) throw new CheckFailedError();
}
