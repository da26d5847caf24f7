import { Option, type Command } from "commander";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import type { CommandKit } from "#cli/deployment-commands.ts";
import { present } from "#core/kernel/present.ts";
import {
  dataFormats,
  readDataSet,
  readingLines,
  readingProblems,
  readingView,
  type DataSetOptions,
} from "#features/evaluations/index.ts";
import type { Output } from "#cli/output.ts";

interface CheckFlags extends Pick<DataSetOptions, "format" | "split"> {
  readonly id?: string;
  readonly cluster?: string;
  readonly tag?: readonly string[];
  readonly json?: boolean;
}

/** `signalbox data ...`: needs no running Signalbox. */
export function dataCommand(data: Command, { command, outputOf }: CommandKit): Command {
  return data.addCommand(
    command("check", "Read a data set to its end, and say what becomes of its rows")
      .argument("<file>", "JSON Lines, JSON, CSV, TSV, YAML, or tests of promptfoo; also as .gz")
      .addOption(
        new Option("--format <format>", "as the file's name ends when it is left out").choices(dataFormats),
      )
      .option("--id <field>", "the field with the item's id")
      .option("--cluster <field>", "the field that says which items belong together")
      .option("--tag <field...>", "fields by which results may be sliced")
      .option("--split <name>", "only items of this split")
      .action((file: string, { json, ...flags }: CheckFlags) =>
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
