import { InvalidArgumentError, Option, type Command } from "commander";
import { deployModel, type DeployFlags, type PriceFlag } from "#cli/deploy.ts";
import {
  forgetDeployment,
  listDeployments,
  operateDeployment,
  weighDeployment,
  type ChangeFlags,
} from "#cli/deployments.ts";
import type { Output } from "#cli/output.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import type { ServerAddress } from "#client/signalbox-client.ts";

/** What all commands share: how one is made, and where its answer goes. */
export interface CommandKit {
  readonly command: (name: string, description: string) => Command;
  readonly outputOf: (options: { readonly json?: boolean }) => Output;
  readonly server: ServerAddress;
}

type Flags = ChangeFlags & { readonly json?: boolean };

const operations = [
  ["drain", "Send no new requests to a deployment; those under way finish"],
  ["disable", "Take a deployment out of service until it is enabled"],
  ["enable", "Put a deployment back into service, with few requests at first"],
] as const;

/** `signalbox deploy` */
export function deployCommand({ command, outputOf, server }: CommandKit): Command {
  return command("deploy", "Bring a model into service: verified against its provider first")
    .argument("<model>", "the model's id in the provider's words")
    .option("--provider <name>", "the provider that serves it; needed where there are several")
    .option("--name <name>", "the deployment's name; that of the model when it is left out")
    .option("--route <name>", "a route that it takes a share of")
    .option("--share <share>", "the share, as 5%; the route's other shares make room", shareOf)
    .addOption(
      new Option("--kind <kind>", "what it is for; as the catalog says when it is left out").choices([
        "chat",
        "embeddings",
      ]),
    )
    .option(
      "--price <price>",
      "dollars for a million tokens, where nobody knows: input/output or input/output/cached, as 0.10/0.30; input alone for embeddings",
      priceOf,
    )
    .option("--why <text>", "why; stands in the history of the configuration")
    .action((model: string, { json, ...flags }: Omit<DeployFlags, "model"> & { readonly json?: boolean }) => {
      if ((flags.route === undefined) !== (flags.share === undefined))
        throw new AppError(
          "invalid-request",
          `Cannot deploy "${model}": --route and --share are wanted together`,
        );
      return deployModel(server, { model, ...flags }, outputOf({ ...(json && { json }) }));
    });
}

function shareOf(text: string): string {
  if (!/^\d+(\.\d+)?%$/.test(text)) throw new InvalidArgumentError("a share such as 5% is wanted");
  return text;
}

function priceOf(text: string): PriceFlag {
  const rates = text.split("/").map((rate) => rate.trim().replace(/^\$?/, "$"));
  const [input, output, cached, ...more] = rates;
  const isPrice = rates.every((rate) => /^\$\d{1,6}(\.\d{1,6})?$/.test(rate));
  if (input === undefined || more.length > 0 || !isPrice)
    throw new InvalidArgumentError("dollars such as 0.10/0.30 or 0.10/0.30/0.01 are wanted");
  return present({ input, output, cached_input: cached });
}

/** `signalbox deployments`: list, drain, disable, enable, weight, forget. */
export function deploymentsCommand(parent: Command, { command, outputOf, server }: CommandKit): Command {
  parent.addCommand(
    command("list", "List deployments: how each stands since when, and which models end")
      .option("--all", "also those that only the catalog brings")
      .action((options: { readonly all?: boolean; readonly json?: boolean }) =>
        listDeployments(server, options, outputOf(options)),
      ),
  );
  for (const [operation, description] of operations)
    parent.addCommand(
      changing(command(operation, description)).action((name: string, { json, ...flags }: Flags) =>
        operateDeployment(server, operation, { name, ...flags }, outputOf({ ...(json && { json }) })),
      ),
    );
  parent.addCommand(
    changing(
      command("forget", "Forget a deployment that was refused, or that the configuration does not name"),
    ).action((name: string, { json, ...flags }: Flags) =>
      forgetDeployment(server, { name, ...flags }, outputOf({ ...(json && { json }) })),
    ),
  );
  return parent.addCommand(
    changing(command("weight", "Give a deployment another weight at run time"))
      .argument(
        "<weight>",
        "its share of the load relative to the others, above 0; `configured` takes it back",
        weightOf,
      )
      .action((name: string, weight: number | null, { json, ...flags }: Flags) =>
        weighDeployment(server, { name, weight, ...flags }, outputOf({ ...(json && { json }) })),
      ),
  );
}

function changing(command: Command): Command {
  return command
    .argument("<name>", "the deployment")
    .option("--why <text>", "why; shown wherever the deployment is")
    .option("--epoch <number>", "refuse when it was changed since it had this epoch", wholeNumber);
}

function weightOf(text: string): number | null {
  if (text === "configured") return null;
  const weight = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || weight <= 0)
    throw new InvalidArgumentError("a number above 0, or `configured`, is wanted");
  return weight;
}

/** A flag that counts. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number is wanted");
  return Number(text);
}
