import { createInterface } from "node:readline";
import { z } from "zod";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, streamControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import { alignedRows } from "#core/kernel/aligned-rows.ts";
import { present } from "#core/kernel/present.ts";
import { readYamlFile } from "#features/configuration/index.ts";
import { keepFetchedRun, readEvaluation, type Evaluation } from "#features/evaluations/index.ts";

const path = "/api/evaluations/runs";

/** The part of the API's answer that is shown; see `runView`. */
const runShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(["queued", "running", "finished", "stopped", "failed"]),
  stop: z.looseObject({ message: z.string() }).nullable(),
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  lost: z.int(),
  cost_usd: z.number(),
  created_at: z.string(),
});

type Run = z.output<typeof runShape>;

/**
 * `signalbox eval start`: has a running Signalbox carry out an evaluation, and follows it to its end.
 * @throws AppError, ClientError; CheckFailedError when it ended before all was done
 */
export async function startRun(
  server: ServerAddress,
  { file, detach }: { readonly file: string; readonly detach?: boolean },
  output: Output,
): Promise<void> {
  const evaluation = await readEvaluation(file);
  const written = await readYamlFile(file);
  const items = await itemsOf(evaluation, written);
  const body = { evaluation: written, ...present({ items }) };
  const run = await callControlPlane(server, { method: "POST", path, body }, runShape);
  await followed(server, run, { detach: detach ?? false, output });
}

/** `signalbox eval resume`. @throws as `startRun` */
export async function resumeRun(
  server: ServerAddress,
  {
    id,
    retry,
    budget,
    concurrency,
    detach,
  }: {
    readonly id: string;
    readonly retry?: "errors";
    readonly budget?: number;
    readonly concurrency?: number;
    readonly detach?: boolean;
  },
  output: Output,
): Promise<void> {
  const call = {
    method: "POST",
    path: `${pathOf(id)}/resume`,
    body: present({ retry, budget_usd: budget, concurrency }),
  } as const;
  await followed(server, await callControlPlane(server, call, runShape), { detach: detach ?? false, output });
}

/** `signalbox eval stop`. @throws ClientError */
export async function stopRun(server: ServerAddress, id: string, output: Output): Promise<void> {
  const run = await callControlPlane(server, { method: "POST", path: `${pathOf(id)}/stop` }, runShape);
  output.result({ json: run, lines: [lineOf(run)] });
}

/** `signalbox eval runs`. @throws ClientError */
export async function listRuns(server: ServerAddress, output: Output): Promise<void> {
  const { runs } = await callControlPlane(
    server,
    { method: "GET", path },
    z.object({ runs: z.array(runShape) }),
  );
  const rows = alignedRows(runs.map((run) => [run.id, run.name, run.state, doneOf(run), run.created_at]));
  output.result({ json: runs, lines: runs.length > 0 ? rows : ["There are no runs"] });
}

/**
 * `signalbox eval fetch`: a run as a folder, for `eval report`, `compare` and `gate`.
 * @throws AppError, ClientError
 */
export async function fetchRun(
  server: ServerAddress,
  { id, out }: { readonly id: string; readonly out?: string },
  output: Output,
): Promise<void> {
  const call = { method: "GET", path: `${pathOf(id)}?report=false` } as const;
  const run = await callControlPlane(server, call, runShape.extend({ manifest: z.unknown() }));
  const folder = out ?? `evaluations/${run.name}-${run.id}`;
  const lines = await streamControlPlane(server, `${pathOf(id)}/records`);
  await keepFetchedRun(folder, { manifest: run.manifest, lines });
  output.result({ json: { folder }, lines: [`${lineOf(run)}; kept in ${folder}`] });
}

function pathOf(id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

const written = z.looseObject({ data: z.looseObject({ file: z.string().optional() }) });

/** The items of a file, those that are chosen: the server has its files, and not ours. */
async function itemsOf({ data }: Evaluation, file: unknown): Promise<readonly object[] | undefined> {
  if (written.parse(file).data.file === undefined) return undefined;
  const items: object[] = [];
  for await (const item of data.read().items) items.push(item);
  return items;
}

async function followed(
  server: ServerAddress,
  run: Run,
  { detach, output }: { readonly detach: boolean; readonly output: Output },
): Promise<void> {
  output.note(`Run ${run.id} of ${run.name}; \`signalbox eval runs\` tells how far it is`);
  const last = detach ? run : await watched(server, run, output);
  output.result({ json: last, lines: [lineOf(last)] });
  if (last.state === "stopped" || last.state === "failed") throw new CheckFailedError();
}

/** How often is told how far a run is, ms. */
const everyMs = 2_000;

/** Watches a run until it is over: connects again where the stream ends before. */
async function watched(server: ServerAddress, run: Run, output: Output): Promise<Run> {
  let last = run;
  let toldMs = performance.now();
  while (last.state === "queued" || last.state === "running") {
    const events = await streamControlPlane(server, `${pathOf(run.id)}/events`);
    for await (const line of createInterface({ input: events, crlfDelay: Infinity })) {
      if (!line.startsWith("data: ")) continue;
      last = runShape.parse(JSON.parse(line.slice("data: ".length)));
      if (performance.now() - toldMs < everyMs) continue;
      toldMs = performance.now();
      output.note(lineOf(last));
    }
  }
  return last;
}

function lineOf(run: Run): string {
  return [
    `${run.state}, ${doneOf(run)}`,
    ...(run.failed > 0 ? [`${run.failed} without an answer`] : []),
    ...(run.lost > 0 ? [`${run.lost} lost and asked again`] : []),
    ...(run.cost_usd > 0 ? [`$${run.cost_usd.toFixed(4)}`] : []),
    ...(run.stop ? [run.stop.message] : []),
  ].join(", ");
}

function doneOf({ done, total }: Run): string {
  return total > 0 ? `${done} of ${total}` : "not begun";
}
