import { setTimeout as wait } from "node:timers/promises";
import { request } from "undici";
import { z } from "zod";

const usageShape = z.object({
  input_tokens: z.int(),
  cached_input_tokens: z.int(),
  output_tokens: z.int(),
  thinking_tokens: z.int(),
});

const costShape = z.object({ pico_dollars: z.string().transform(BigInt), estimated: z.boolean() });

const attemptShape = z.object({
  attempt: z.int(),
  model: z.string(),
  outcome: z.enum(["completed", "failed", "aborted"]),
  status: z.int().nullable(),
  usage: usageShape.nullable(),
  cost: costShape.nullable(),
});

const lineShape = z.object({
  id: z.string(),
  stream: z.boolean(),
  outcome: z.string(),
  cost: costShape.extend({ unpriced_attempts: z.int() }).nullable(),
  attempts: z.array(attemptShape),
});

/** A request as the log has it. */
export type LoggedRequest = z.output<typeof lineShape>;
/** One attempt of it. */
export type LoggedAttempt = LoggedRequest["attempts"][number];

/** The whole log by its export; waits (bounded) until `count` requests are there. */
export async function readLog(url: string, count: number): Promise<readonly LoggedRequest[]> {
  let log: readonly LoggedRequest[] = [];
  for (let tries = 0; tries < 60 && log.length < count; tries++) {
    if (tries > 0) await wait(500);
    log = await exported(url);
  }
  return log;
}

async function exported(url: string): Promise<readonly LoggedRequest[]> {
  const { body } = await request(`${url}/api/requests/export?format=jsonl`);
  const text = await body.text();
  return text.split("\n").flatMap((line) => (line === "" ? [] : [lineShape.parse(JSON.parse(line))]));
}

/** What a question about sums is answered with. */
interface Totals {
  readonly requests: number;
  readonly picoDollars: bigint;
}

/** What the log's own sums say that everything cost; waits (bounded) until `count` requests are in them. */
export async function totalCost(url: string, count: number): Promise<Totals> {
  let totals = await totalsNow(url);
  for (let tries = 0; tries < 20 && totals.requests < count; tries++) {
    await wait(500);
    totals = await totalsNow(url);
  }
  return totals;
}

async function totalsNow(url: string): Promise<Totals> {
  const from = encodeURIComponent("2026-01-01T00:00:00Z");
  const to = encodeURIComponent(new Date(Date.now() + 86_400_000).toISOString());
  const { body } = await request(`${url}/api/requests/totals?from=${from}&to=${to}&by=`);
  const shape = z.object({
    totals: z.array(z.object({ requests: z.int(), cost: costShape.pick({ pico_dollars: true }) })),
  });
  const { totals } = shape.parse(await body.json());
  return {
    requests: totals.reduce((sum, { requests }) => sum + requests, 0),
    picoDollars: totals.reduce((sum, { cost }) => sum + cost.pico_dollars, 0n),
  };
}
