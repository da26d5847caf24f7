import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";

const lineShape = z.looseObject({
  check: z.string(),
  outcome: z.enum(["passed", "failed", "skipped"]),
  duration_ms: z.number(),
  detail: z.string(),
});
// What this program does not know goes on into its JSON.
const deploymentShape = z.looseObject({
  name: z.string(),
  provider: z.string(),
  model: z.string(),
  state: z.string(),
  why: z.string().nullable(),
  report: z.looseObject({ duration_ms: z.number(), lines: z.array(lineShape) }).nullable(),
});

type Deployment = z.output<typeof deploymentShape>;

/** What a model costs, in dollars for a million tokens: `$0.10`. */
export interface PriceFlag {
  readonly input: string;
  readonly output?: string;
  readonly cached_input?: string;
}

/** What is to be deployed. */
export interface DeployFlags {
  readonly model: string;
  readonly provider?: string;
  readonly name?: string;
  readonly route?: string;
  /** As written: `5%`. */
  readonly share?: string;
  readonly kind?: string;
  readonly price?: PriceFlag;
  readonly why?: string;
}

/** How often a verification under way is looked at, ms. */
const lookMs = 300;

/**
 * `signalbox deploy`: registers a deployment, tells each line of its verification as it comes, and how it ended.
 * @throws CheckFailedError when it is refused
 */
export async function deployModel(server: ServerAddress, flags: DeployFlags, output: Output): Promise<void> {
  const { route, share, ...rest } = flags;
  const body = { ...rest, ...(route !== undefined && { route: { name: route, share } }) };
  let deployment = await callControlPlane(
    server,
    { method: "POST", path: "/api/deployments", body },
    deploymentShape,
  );
  output.note(`Verifying ${deployment.name}: ${deployment.model} at ${deployment.provider}`);
  const path = `/api/deployments/${encodeURIComponent(deployment.name)}`;
  let told = 0;
  for (;;) {
    told = tell(deployment, told, output);
    if (deployment.state !== "verifying") break;
    await wait(lookMs);
    deployment = await callControlPlane(server, { method: "GET", path }, deploymentShape);
  }
  const isRefused = deployment.state === "refused";
  output.result({
    json: deployment,
    lines: [isRefused ? refusedText(deployment) : readyText(deployment, flags)],
  });
  if (isRefused) throw new CheckFailedError(`Deployment ${deployment.name} was refused`);
}

/** Tells the lines that were not told. @returns how many are */
function tell({ report }: Deployment, told: number, output: Output): number {
  const lines = report?.lines ?? [];
  for (const { check, outcome, duration_ms: ms, detail } of lines.slice(told)) {
    const time = outcome === "skipped" ? "" : `${ms.toFixed(0)} ms`;
    output.note(`  ${outcome.padEnd(7)}  ${check.padEnd(17)}  ${time.padStart(9)}  ${detail}`);
  }
  return Math.max(told, lines.length);
}

function readyText({ name, state }: Deployment, { route, share = "" }: DeployFlags): string {
  if (state !== "ready") return `${name} is ${state}`;
  return route === undefined
    ? `${name} is ready; it is asked by its own name`
    : `${name} is ready and takes ${share} of route ${route}`;
}

function refusedText({ name, why }: Deployment): string {
  return `${name} is refused, the configuration stays as it was: ${why ?? "see its report"}`;
}
