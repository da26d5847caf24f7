import { pathOf } from "#cli/experiment/experiment-shape.ts";
import { detailShape, sayExperiment } from "#cli/experiment/show-experiment.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";

/** What an experiment is decided for, and why. */
interface Decision {
  readonly name: string;
  /** One of its variants; null for none. */
  readonly winner: string | null;
  readonly why: string;
  /** The epoch that it was seen with: changed since, it is not decided. */
  readonly epoch?: number;
}

/** `signalbox experiment decide` */
export async function decideExperiment(
  server: ServerAddress,
  { name, ...decision }: Decision,
  output: Output,
): Promise<void> {
  const call = { method: "POST", path: pathOf(name, "decide"), body: decision } as const;
  sayExperiment(await callControlPlane(server, call, detailShape), output);
}
