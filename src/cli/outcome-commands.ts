import { Option, type Command } from "commander";
import type { CommandKit } from "#cli/deployment-commands.ts";
import { importFile, type ImportFlags } from "#cli/import-outcomes.ts";
import { present } from "#core/kernel/present.ts";

type Flags = Omit<ImportFlags, "file"> & { readonly json?: boolean };

/** `signalbox outcomes ...` */
export function outcomesCommand(outcomes: Command, { command, outputOf, server }: CommandKit): Command {
  return outcomes.addCommand(
    command("import", "Keep a file of outcomes as feedback: CSV with a header, or JSON Lines")
      .argument("<file>", "columns or fields as feedback has; see docs/outcomes.md")
      .addOption(
        new Option("--format <format>", "as the file's name ends when it is left out").choices([
          "csv",
          "jsonl",
        ] as const),
      )
      .option("--name <name>", "what rows measure that do not say")
      .addOption(
        new Option(
          "--source <source>",
          "who or what judged, of rows that do not say; code when it is left out",
        ).choices(["end_user", "human", "code", "judge"] as const),
      )
      .option("--assume-utc", "take times without a zone as UTC; they are refused else")
      .option("--ignore-unknown", "pass over columns of other names; they are refused else")
      .action((file: string, { json, ...flags }: Flags) =>
        importFile(server, { file, ...flags }, outputOf(present({ json }))),
      ),
  );
}
