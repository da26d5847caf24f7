import { setTimeout as wait } from "node:timers/promises";
import { request } from "undici";
import { z } from "zod";

const rowShape = z.object({ id: z.string(), attempts: z.array(z.object({ attempt: z.int() })) });
const totalsShape = z.object({
  totals: z.array(z.object({ requests: z.int() })),
  gaps: z.array(z.object({ requests: z.int() })).default([]),
});

/** What a log has: how often each request stands in it, and what its sums say. */
export interface LogContents {
  readonly ids: ReadonlyMap<string, number>;
  readonly rows: number;
  /** Requests that the sums count. */
  readonly counted: number;
}

/** Reads the log of a running Signalbox once nothing waits any more (bounded). */
export async function logContents(url: string): Promise<LogContents> {
  for (let tries = 0; tries < 600 && (await waitingRows(url)) > 0; tries++) await wait(100);
  const { body } = await request(`${url}/api/requests/export?format=jsonl`);
  const ids = new Map<string, number>();
  let rows = 0;
  for (const line of (await body.text()).split("\n")) {
    if (line === "") continue;
    const { id } = rowShape.parse(JSON.parse(line));
    ids.set(id, (ids.get(id) ?? 0) + 1);
    rows += 1;
  }
  return { ids, rows, counted: await countedRequests(url) };
}

/** Rows that wait for the database, by the metrics. */
export async function waitingRows(url: string): Promise<number> {
  const { body } = await request(`${url}/metrics`);
  const waiting = /^signalbox_log_queue_rows (\d+)/m.exec(await body.text())?.[1];
  if (waiting === undefined) throw new Error("Signalbox tells no signalbox_log_queue_rows");
  return Number(waiting);
}

/** Requests that the log says it lost. */
export async function logGaps(url: string): Promise<number> {
  return (await totals(url)).gaps.reduce((sum, { requests }) => sum + requests, 0);
}

async function countedRequests(url: string): Promise<number> {
  return (await totals(url)).totals.reduce((sum, { requests }) => sum + requests, 0);
}

async function totals(url: string): Promise<z.output<typeof totalsShape>> {
  const from = encodeURIComponent(new Date(Date.now() - 6 * 86_400_000).toISOString());
  const to = encodeURIComponent(new Date(Date.now() + 86_400_000).toISOString());
  const { body } = await request(`${url}/api/requests/totals?from=${from}&to=${to}&by=`);
  return totalsShape.parse(await body.json());
}
