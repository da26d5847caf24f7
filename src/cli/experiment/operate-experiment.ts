import { pathOf, type ChangeFlags } from "#cli/experiment/experiment-shape.ts";
import { detailShape, sayExperiment } from "#cli/experiment/show-experiment.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";

/** `signalbox experiment start|pause|resume|stop` */
export async function operateExperiment(
  server: ServerAddress,
  operation: "start" | "pause" | "resume" | "stop",
  { name, ...flags }: { readonly name: string } & ChangeFlags,
  output: Output,
): Promise<void> {
  const call = { method: "POST", path: pathOf(name, operation), body: flags } as const;
  sayExperiment(await callControlPlane(server, call, detailShape), output);
}
