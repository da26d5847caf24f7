import { z } from "zod";
import { columnsOf, experimentShape, pathOf, warningsOf } from "#cli/experiment/experiment-shape.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import { alignedRows } from "#core/kernel/aligned-rows.ts";

const changeShape = z.looseObject({
  at: z.string(),
  by: z.string(),
  from: z.string(),
  to: z.string(),
  phase: z.int(),
  why: z.string().nullable(),
});

const verdictShape = z.looseObject({ sentence: z.string(), read_at: z.string() });

const messageShape = z.looseObject({
  address: z.string(),
  type: z.string(),
  state: z.string(),
  attempts: z.int(),
  at: z.string(),
  failure: z.string().nullable(),
});

/** An experiment with all that was done with it, and who was told. */
export const detailShape = experimentShape.extend({
  changes: z.array(changeShape),
  verdict: verdictShape.nullable(),
  notifications: z.array(messageShape),
});

/** `signalbox experiment status`: one experiment, and all that was done with it. */
export async function showExperiment(server: ServerAddress, name: string, output: Output): Promise<void> {
  sayExperiment(await callControlPlane(server, { method: "GET", path: pathOf(name) }, detailShape), output);
}

/** Says an experiment with its changes, newest first. */
export function sayExperiment(experiment: z.output<typeof detailShape>, output: Output): void {
  const changes = experiment.changes.map(({ at, by, from, to, phase, why }) => [
    `  ${at}`,
    from === to ? `phase ${phase} begins` : `${from} -> ${to}`,
    `by ${by}`,
    why ?? "",
  ]);
  output.result({
    json: experiment,
    lines: [
      ...alignedRows([columnsOf(experiment)]),
      ...warningsOf(experiment),
      ...verdictLines(experiment),
      ...experiment.notifications.flatMap(untakenLine),
      ...alignedRows(changes),
    ],
  });
}

/** As it was read last for those who are told; results may say otherwise by now. */
function verdictLines({ verdict }: z.output<typeof detailShape>): readonly string[] {
  return verdict === null ? [] : [`    verdict at ${verdict.read_at}: ${verdict.sentence}`];
}

function untakenLine({ address, type, state, attempts, at, failure }: z.output<typeof messageShape>) {
  if (failure === null) return [];
  const next = state === "waiting" ? `; next at ${at}` : "";
  return [`    ! ${type} to ${address} ${state} after ${attempts} attempts: ${failure}${next}`];
}
