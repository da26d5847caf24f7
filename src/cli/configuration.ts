import { z } from "zod";
import type { Output } from "#cli/output.ts";
import { ClientError } from "#client/client-error.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import { readConfigurationFile } from "#features/configuration/index.ts";

const changeShape = z.object({
  kind: z.enum(["add", "change", "remove"]),
  path: z.string(),
  text: z.string(),
  notes: z.array(z.string()),
});
// What this program does not know goes on into its JSON.
const nameShape = z.looseObject({ number: z.int(), version: z.string() });
const planShape = z.object({ base: nameShape, version: z.string(), changes: z.array(changeShape) });
const appliedShape = z.object({
  change: z.enum(["applied", "unchanged"]),
  version: nameShape,
  changes: z.array(changeShape),
});

type Change = z.output<typeof changeShape>;

/** How a configuration is applied; both may be left out. */
export interface ApplyFlags {
  /** The version that it was planned on. */
  readonly base?: string;
  readonly comment?: string;
}

/** `signalbox plan`: says what the file would change of the configuration that a running Signalbox has in force. */
export async function planFile(server: ServerAddress, file: string, output: Output): Promise<void> {
  const text = await readConfigurationFile(file);
  const call = { method: "POST", path: "/api/configuration/plan", body: { text } } as const;
  const plan = await placed(file, callControlPlane(server, call, planShape));
  const { base, changes } = plan;
  output.result({
    json: plan,
    lines:
      changes.length === 0
        ? [`Nothing changes: ${nameText(base)} has this content`]
        : [
            `Planned on ${nameText(base)}:`,
            ...changes.flatMap(changeLines),
            `To apply it: signalbox apply ${file} --base ${base.number}`,
          ],
  });
}

/** `signalbox apply`: brings the file into force in a running Signalbox. */
export async function applyFile(
  server: ServerAddress,
  { file, ...flags }: { readonly file: string } & ApplyFlags,
  output: Output,
): Promise<void> {
  const text = await readConfigurationFile(file);
  const call = { method: "POST", path: "/api/configuration/apply", body: { text, ...flags } } as const;
  sayApplied(await placed(file, callControlPlane(server, call, appliedShape)), output);
}

/** `signalbox rollback-config`: brings an earlier version into force again. */
export async function rollBack(
  server: ServerAddress,
  { to, ...flags }: { readonly to: string } & ApplyFlags,
  output: Output,
): Promise<void> {
  const call = { method: "POST", path: "/api/configuration/rollback", body: { to, ...flags } } as const;
  const applied = await placed(`version ${to}`, callControlPlane(server, call, appliedShape));
  sayApplied(applied, output);
}

function sayApplied(applied: z.output<typeof appliedShape>, output: Output): void {
  const { change, version, changes } = applied;
  output.result({
    json: applied,
    lines:
      change === "unchanged"
        ? [`Nothing changes: ${nameText(version)} has this content and is in force`]
        : [...changes.flatMap(changeLines), `In force: ${nameText(version)}`],
  });
}

const signs = { add: "+", change: "~", remove: "-" } as const;

function changeLines({ kind, text, notes }: Change): readonly string[] {
  return [`  ${signs[kind]} ${text}`, ...notes.map((note) => `      ${note}`)];
}

function nameText({ number, version }: z.output<typeof nameShape>): string {
  return `version ${number} (${version})`;
}

/** Tells the problems of a text by the file that it came from, as compilers do. */
async function placed<Value>(file: string, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== "invalid-configuration") throw error;
    if (error.problems.length === 0) throw error;
    const lines = error.problems.map(
      ({ field, wanted, actual, line = 1, column = 1, file: other }) =>
        `${other ?? file}:${line}:${column}${field === "text" ? "" : ` ${field}`}: wanted ${wanted}, got ${actual}`,
    );
    const { kind, code, problems } = error;
    throw new ClientError(kind, lines.join("\n"), { cause: error, code, problems });
  }
}
