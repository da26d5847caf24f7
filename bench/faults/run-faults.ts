import { setTimeout as wait } from "node:timers/promises";
import { SignalboxProcess, workFolder } from "../../test/support/signalbox-process.ts";
import type { Gateway } from "./ask.ts";
import { readMatrix, type Cell } from "./cell.ts";
import type { JudgedCell } from "./judge.ts";
import type { FaultsOptions } from "./options.ts";
import { runMatrix } from "./run-matrix.ts";
import { signalboxConfiguration } from "./signalbox-configuration.ts";
import { startFaultyUpstream, type FaultyUpstream } from "./upstream/faulty-upstream.ts";
import { wiringOf, type WiredModel } from "./wiring.ts";

/** What a run gives: what was seen of each cell, or, where only that is asked for, what a gateway must be given. */
export type FaultsResult =
  | { readonly judged: readonly JudgedCell[] }
  | { readonly wiring: readonly WiredModel[] };

/** Runs the matrix against a gateway that is there, or a Signalbox of its own. */
export async function runFaults(options: FaultsOptions, say: (line: string) => void): Promise<FaultsResult> {
  const cells = readMatrix().filter(options.wants);
  if (cells.length === 0) throw new Error("Cannot run the matrix: no cell is left by --only and --skip");
  await using stack = new AsyncDisposableStack();
  const upstream = stack.use(await startFaultyUpstream({ port: options.upstreamPort }));
  const wiring = wiringOf(cells, { upstream, model: options.model, wire: options.wire });
  if (options.wiring) return { wiring };
  const gateway =
    options.baseUrl === undefined
      ? await ownSignalbox(stack, wiring, options)
      : { baseUrl: options.baseUrl, key: options.key };
  const judged = await runMatrix(cells, runOf(options, { upstream, gateway, say }));
  return { judged };
}

function runOf(
  { model, totalMs, settleMs, concurrency }: FaultsOptions,
  world: {
    readonly upstream: FaultyUpstream;
    readonly gateway: Gateway;
    readonly say: (line: string) => void;
  },
): Parameters<typeof runMatrix>[1] {
  const { upstream, gateway, say } = world;
  return {
    upstream,
    gateway,
    model,
    totalMs,
    concurrency,
    beforeCell: () => wait(settleMs),
    afterCell: ({ cell, outcome, problems }: { cell: Cell; outcome: string; problems: readonly string[] }) =>
      say(`${problems.length === 0 ? " " : "!"} ${cell.id}: ${outcome}`),
  };
}

async function ownSignalbox(
  stack: AsyncDisposableStack,
  wiring: readonly WiredModel[],
  { wire }: FaultsOptions,
): Promise<Gateway> {
  const { text, environment } = signalboxConfiguration(wiring, wire);
  const folder = stack.use(workFolder(text));
  const signalbox = stack.use(SignalboxProcess.start({ ...folder.environment, ...environment }));
  return { baseUrl: `${await signalbox.url()}/v1`, key: undefined };
}
