import { alignedRows } from "#core/kernel/aligned-rows.ts";
import { z } from "zod";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";

// What this program does not know goes on into its JSON.
const deploymentShape = z.looseObject({
  name: z.string(),
  provider: z.string(),
  model: z.string(),
  state: z.string(),
  since: z.string().nullable(),
  why: z.string().nullable(),
  weight: z.number(),
  configured_weight: z.number(),
  under_way: z.int(),
  epoch: z.int(),
  configured: z.boolean(),
  health: z
    .looseObject({
      state: z.string(),
      reason: z.string().nullable(),
      open_until: z.string().nullable(),
      cooling_until: z.string().nullable(),
      share: z.number(),
      first_content_p95_ms: z.number().nullable(),
    })
    .nullable(),
  lifecycle: z.looseObject({ warning: z.string().nullable() }),
});
const listShape = z.object({ deployments: z.array(deploymentShape) });

const forgottenShape = z.looseObject({ name: z.string(), state: z.string() });

type Deployment = z.output<typeof deploymentShape>;

/** Why a deployment is changed, and on what; both may be left out. */
export interface ChangeFlags {
  readonly why?: string;
  /** The epoch that it was seen with: changed since, it is not changed. */
  readonly epoch?: number;
}

/**
 * `signalbox deployments list`: those that somebody configured, registered or changed, and those with a warning; `all` also
 * the catalog's own.
 */
export async function listDeployments(
  server: ServerAddress,
  { all = false }: { readonly all?: boolean },
  output: Output,
): Promise<void> {
  const call = { method: "GET", path: "/api/deployments" } as const;
  const { deployments } = await callControlPlane(server, call, listShape);
  const shown = deployments.filter(({ configured, epoch }) => all || configured || epoch > 0);
  const left = deployments.length - shown.length;
  output.result({
    json: shown,
    lines: [
      ...table(shown),
      ...(left > 0 ? [`${left} more for the models of the catalog, as they are: --all shows them`] : []),
    ],
  });
}

/** `signalbox deployments drain|disable|enable`. */
export async function operateDeployment(
  server: ServerAddress,
  operation: "drain" | "disable" | "enable",
  { name, ...flags }: { readonly name: string } & ChangeFlags,
  output: Output,
): Promise<void> {
  const path = `${pathOf(name)}/${operation}`;
  say(await callControlPlane(server, { method: "POST", path, body: flags }, deploymentShape), output);
}

/** `signalbox deployments weight`: another weight in place of the configured one, or that one again. */
export async function weighDeployment(
  server: ServerAddress,
  { name, ...change }: { readonly name: string; readonly weight: number | null } & ChangeFlags,
  output: Output,
): Promise<void> {
  const call = { method: "PATCH", path: pathOf(name), body: change } as const;
  say(await callControlPlane(server, call, deploymentShape), output);
}

/** `signalbox deployments forget`: what was done with one that is out of use is forgotten. */
export async function forgetDeployment(
  server: ServerAddress,
  { name, why, epoch }: { readonly name: string } & ChangeFlags,
  output: Output,
): Promise<void> {
  const query = new URLSearchParams({
    ...(why !== undefined && { why }),
    ...(epoch !== undefined && { epoch: String(epoch) }),
  });
  const path = `${pathOf(name)}?${query.toString()}`;
  const forgotten = await callControlPlane(server, { method: "DELETE", path }, forgottenShape);
  output.result({ json: forgotten, lines: [`${name} is forgotten; it was ${forgotten.state}`] });
}

function pathOf(name: string): string {
  return `/api/deployments/${encodeURIComponent(name)}`;
}

function say(deployment: Deployment, output: Output): void {
  output.result({ json: deployment, lines: table([deployment]) });
}

function table(deployments: readonly Deployment[]): readonly string[] {
  const rows = deployments.map(({ name, state, weight, configured_weight, provider, model, ...rest }) => [
    name,
    state,
    weight === configured_weight ? `weight ${weight}` : `weight ${weight} (configured: ${configured_weight})`,
    `${model} at ${provider}`,
    [sinceText(rest), healthText(rest.health)].filter((text) => text !== "").join("  "),
  ]);
  const lines = alignedRows(rows);
  return deployments.flatMap(({ lifecycle }, at) => [
    lines[at] ?? "",
    ...(lifecycle.warning === null ? [] : [`    ! ${lifecycle.warning}`]),
  ]);
}

function sinceText({ since, why, under_way }: Pick<Deployment, "since" | "why" | "under_way">): string {
  return [
    ...(since === null ? [] : [`since ${since}`]),
    ...(why === null ? [] : [`(${why})`]),
    ...(under_way === 0 ? [] : [`${under_way} under way`]),
  ].join(" ");
}

/** What is not as it should be of its health, and how fast it is; nothing of one that was never asked. */
function healthText(health: Deployment["health"]): string {
  if (!health) return "";
  const { state, reason, open_until, cooling_until, share, first_content_p95_ms } = health;
  return [
    ...(state === "closed"
      ? []
      : [`${state} (${reason ?? "unknown"}; tried again from ${open_until ?? "now"})`]),
    ...(cooling_until === null ? [] : [`cooling until ${cooling_until}`]),
    ...(share === 1 ? [] : [`at ${Math.round(share * 100)} % of its share`]),
    ...(first_content_p95_ms === null ? [] : [`p95 ${Math.round(first_content_p95_ms)} ms`]),
  ].join(", ");
}
