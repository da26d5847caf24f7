import { InvalidArgumentError, type Command } from "commander";
import type { CommandKit } from "#cli/deployment-commands.ts";
import {
  comparePrompts,
  labelPrompt,
  listPrompts,
  publishPrompt,
  renderPrompt,
  showPrompt,
  type PublishFlags,
} from "#cli/prompts.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";

interface Json {
  readonly json?: boolean;
}

/** `signalbox prompts`: list, show, diff, render, publish, label. */
export function promptsCommand(parent: Command, { command, outputOf, server }: CommandKit): Command {
  const name = "the prompt's name";
  const version = "a version's number, or a label";
  return parent
    .addCommand(
      command("list", "List prompts: versions, labels, and the variants that have them").action(
        (options: Json) => listPrompts(server, outputOf(options)),
      ),
    )
    .addCommand(
      command("show", "Show what a version says")
        .argument("<name>", name)
        .argument("<version>", version)
        .action((prompt: string, which: string, options: Json) =>
          showPrompt(server, { name: prompt, version: which }, outputOf(options)),
        ),
    )
    .addCommand(
      command("diff", "Say what two versions differ in")
        .argument("<name>", name)
        .argument("<from>", version)
        .argument("<to>", version)
        .action((prompt: string, from: string, to: string, options: Json) =>
          comparePrompts(server, { name: prompt, from, to }, outputOf(options)),
        ),
    )
    .addCommand(
      command("render", "Fill the gaps of a version; asks no model")
        .argument("<name>", name)
        .argument("<version>", version)
        .option("--variables <json>", "values of its variables, as a JSON object", objectOf, {})
        .action((prompt: string, which: string, options: Json & { readonly variables: JsonObject }) =>
          renderPrompt(
            server,
            { name: prompt, version: which, variables: options.variables },
            outputOf(options),
          ),
        ),
    )
    .addCommand(
      command("publish", "Add a version to a prompt and bring it into force")
        .argument("<name>", name)
        .argument("<file>", "a file with the version, in YAML as under `versions` or in JSON")
        .option("--label <label>", "a label that goes to it at once")
        .option("--comment <text>", "why; stands in the history of the configuration")
        .action((prompt: string, file: string, { json, ...flags }: Json & PublishFlags) =>
          publishPrompt(server, { name: prompt, file, ...flags }, outputOf({ ...(json && { json }) })),
        ),
    )
    .addCommand(
      command("label", "Have a label point at a version")
        .argument("<name>", name)
        .argument("<label>", "the label, such as production")
        .argument("<version>", version)
        .option("--comment <text>", "why; stands in the history of the configuration")
        .action(
          (prompt: string, label: string, which: string, options: Json & { readonly comment?: string }) =>
            labelPrompt(
              server,
              {
                name: prompt,
                label,
                version: which,
                ...(options.comment !== undefined && { comment: options.comment }),
              },
              outputOf(options),
            ),
        ),
    );
}

function objectOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Told below: whatever is no object is not what is wanted.
  }
  throw new InvalidArgumentError("a JSON object is wanted");
}
