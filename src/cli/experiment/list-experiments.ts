import { z } from "zod";
import { columnsOf, experimentShape, warningsOf } from "#cli/experiment/experiment-shape.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import { alignedRows } from "#core/kernel/aligned-rows.ts";

const listShape = z.object({ experiments: z.array(experimentShape) });

/** `signalbox experiment list` */
export async function listExperiments(server: ServerAddress, output: Output): Promise<void> {
  const call = { method: "GET", path: "/api/experiments" } as const;
  const { experiments } = await callControlPlane(server, call, listShape);
  const rows = alignedRows(experiments.map(columnsOf));
  const lines = experiments.flatMap((experiment, at) => [rows[at] ?? "", ...warningsOf(experiment)]);
  output.result({ json: experiments, lines: lines.length > 0 ? lines : ["There are no experiments"] });
}
