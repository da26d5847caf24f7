import { join } from "node:path";
import { z } from "zod";
import { root } from "../architecture/repository.ts";
import { features } from "./features.ts";
import { triedClient, type TriedClient } from "./tried-client.ts";

/** docs/compatibility.json. */
export const triedClients = z.array(triedClient);

/** Where a run's results are kept, and the document that is made from them. */
export const compatibilityFiles = {
  results: join(root, "docs/compatibility.json"),
  document: join(root, "docs/compatibility.md"),
};

const ages = [
  ["newest", "Newest versions"],
  ["oldest", "Oldest versions"],
] as const;

/** docs/compatibility.md: clients by features, for the newest and the oldest versions, and what differs. */
export function compatibilityDocument(clients: readonly TriedClient[]): string {
  return [
    "# Compatibility",
    "",
    "Written by `npm run test:clients`, which installs each client in the versions below and runs it against Signalbox",
    "before a Gemini provider and an OpenAI-compatible one; not edited by hand. A cell tells how an answer came that was",
    "tried: whole, streamed, or both. An empty one was not tried with that client. How each is given Signalbox's address:",
    "[frameworks.md](frameworks.md).",
    "",
    ...ages.flatMap(([age, heading]) =>
      section(
        heading,
        clients.filter((one) => one.age === age),
      ),
    ),
    "## What differs",
    "",
    "Each lies in the client, and is asserted: the run fails when it holds no more.",
    "",
    ...differenceLines(clients),
    "",
  ].join("\n");
}

function section(heading: string, clients: readonly TriedClient[]): readonly string[] {
  const shown = features.filter((feature) => clients.some((one) => cell(one, feature) !== ""));
  const columns = ["client", "versions", "facts", ...shown];
  const rows = clients.map((one) => [
    one.client,
    versionText(one),
    `${one.held} of ${one.facts}`,
    ...shown.map((feature) => cell(one, feature)),
  ]);
  return [
    `## ${heading}`,
    "",
    ...[columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`),
    "",
  ];
}

function versionText({ versions }: TriedClient): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

/** `whole, streamed`; what does not work is told as such. */
function cell({ shown }: TriedClient, feature: string): string {
  return shown
    .filter((one) => one.feature === feature)
    .map(({ way, works }) => (works ? way : `not ${way}, see below`))
    .join(", ");
}

/** A line for each client and reason, however many of its facts that is. */
function differenceLines(clients: readonly TriedClient[]): readonly string[] {
  const lines = clients.flatMap((one) =>
    one.differences.map(({ reason }) => `- ${one.client} (${versionText(one)}): ${reason}`),
  );
  return [...new Set(lines)];
}
