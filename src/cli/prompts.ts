import { z } from "zod";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import { alignedRows } from "#core/kernel/aligned-rows.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { readYamlFile } from "#features/configuration/index.ts";

// What this program does not know goes on into its JSON.
const listShape = z.looseObject({
  prompts: z.array(
    z.looseObject({
      name: z.string(),
      versions: z.array(z.int()),
      labels: z.record(z.string(), z.int()),
      variants: z.array(z.looseObject({ variant: z.string(), version: z.int() })),
    }),
  ),
});
const versionShape = z.looseObject({
  prompt: z.string(),
  version: z.int(),
  labels: z.array(z.string()),
  settings: z.unknown(),
  variables: z.array(z.looseObject({ name: z.string(), type: z.string().nullable(), required: z.boolean() })),
});
const diffShape = z.looseObject({
  changes: z.array(
    z.looseObject({ kind: z.enum(["add", "change", "remove"]), path: z.string(), text: z.string() }),
  ),
});
const renderedShape = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), parts: z.array(z.looseObject({ type: z.string() })) })),
  tokens: z.int(),
});
const changedShape = z.looseObject({
  prompt: z.string(),
  version: z.int(),
  configuration: z.int(),
  changes: z.array(z.string()),
});

interface VersionName {
  readonly name: string;
  /** A number or a label. */
  readonly version: string;
}

/** `signalbox prompts list` */
export async function listPrompts(server: ServerAddress, output: Output): Promise<void> {
  const { prompts } = await callControlPlane(server, { method: "GET", path: "/api/prompts" }, listShape);
  const rows = prompts.map(({ name, versions, labels, variants }) => [
    name,
    versions.join(", "),
    Object.entries(labels)
      .map(([label, version]) => `${label}: ${version}`)
      .join(", "),
    variants.map(({ variant, version }) => `${variant} (${version})`).join(", "),
  ]);
  const table = alignedRows([["NAME", "VERSIONS", "LABELS", "VARIANTS"], ...rows]);
  output.result({ json: prompts, lines: prompts.length > 0 ? table : ["There are no prompts"] });
}

/** `signalbox prompts show` */
export async function showPrompt(server: ServerAddress, which: VersionName, output: Output): Promise<void> {
  const shown = await callControlPlane(server, { method: "GET", path: pathOf(which) }, versionShape);
  const { prompt, version, labels, settings, variables } = shown;
  output.result({
    json: shown,
    lines: [
      `${prompt}@${version}${labels.length > 0 ? ` (${labels.join(", ")})` : ""}`,
      JSON.stringify(settings, null, 2),
      ...variables.map(
        ({ name, type, required }) => `  ${required ? "needs" : "takes"} ${name}: ${type ?? "anything"}`,
      ),
    ],
  });
}

/** `signalbox prompts diff` */
export async function comparePrompts(
  server: ServerAddress,
  { name, from, to }: { readonly name: string; readonly from: string; readonly to: string },
  output: Output,
): Promise<void> {
  const query = new URLSearchParams({ from, to });
  const path = `/api/prompts/${encodeURIComponent(name)}/diff?${query.toString()}`;
  const compared = await callControlPlane(server, { method: "GET", path }, diffShape);
  const signs = { add: "+", change: "~", remove: "-" } as const;
  const lines = compared.changes.map((change) => `  ${signs[change.kind]} ${change.path}: ${change.text}`);
  output.result({ json: compared, lines: lines.length > 0 ? lines : ["They say the same"] });
}

/** `signalbox prompts render` */
export async function renderPrompt(
  server: ServerAddress,
  { variables, ...which }: VersionName & { readonly variables: JsonObject },
  output: Output,
): Promise<void> {
  const call = { method: "POST", path: `${pathOf(which)}/render`, body: { variables } } as const;
  const rendered = await callControlPlane(server, call, renderedShape);
  output.result({
    json: rendered,
    lines: [
      ...rendered.messages.map(({ role, parts }) => `${role}: ${parts.map(partText).join(" ")}`),
      `About ${rendered.tokens} tokens`,
    ],
  });
}

/** How a version is published; both may be left out. */
export interface PublishFlags {
  readonly label?: string;
  readonly comment?: string;
}

/** `signalbox prompts publish` */
export async function publishPrompt(
  server: ServerAddress,
  { name, file, ...flags }: { readonly name: string; readonly file: string } & PublishFlags,
  output: Output,
): Promise<void> {
  const version = await readYamlFile(file);
  if (version === undefined)
    throw new AppError(
      "invalid-request",
      `Cannot publish "${file}": a version of a prompt is wanted, it is empty`,
    );
  const path = `/api/prompts/${encodeURIComponent(name)}/versions`;
  sayChanged(
    await callControlPlane(server, { method: "POST", path, body: { version, ...flags } }, changedShape),
    output,
  );
}

/** `signalbox prompts label` */
export async function labelPrompt(
  server: ServerAddress,
  { name, ...body }: VersionName & { readonly label: string; readonly comment?: string },
  output: Output,
): Promise<void> {
  const path = `/api/prompts/${encodeURIComponent(name)}/labels`;
  sayChanged(await callControlPlane(server, { method: "POST", path, body }, changedShape), output);
}

function sayChanged(changed: z.output<typeof changedShape>, output: Output): void {
  const { prompt, version, configuration, changes } = changed;
  output.result({
    json: changed,
    lines: [
      ...changes.map((change) => `  ${change}`),
      `In force: ${prompt}@${version}, with version ${configuration} of the configuration`,
    ],
  });
}

function pathOf({ name, version }: VersionName): string {
  return `/api/prompts/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
}

function partText(part: { readonly type: string; readonly [field: string]: unknown }): string {
  return typeof part["text"] === "string" ? part["text"] : `(${part.type})`;
}
