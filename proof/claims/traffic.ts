import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { demoConversations } from "#cli/demo/conversations.ts";
import { demoModels } from "#cli/demo/run-demo.ts";
import { everyTalk, runTraffic } from "#cli/demo/run-traffic.ts";
import type { TurnResult } from "#cli/demo/talk.ts";
import { callControlPlane } from "#client/signalbox-client.ts";
import type { LedgerRow } from "#emulator/ledger.ts";
import type { Claim } from "../claim.ts";
import { startProofSignalbox, type ProofSignalbox } from "../proof-signalbox.ts";

/** One in so many conversations is held in the short form. */
const shortStride = 7;

/** The 80 MT-Bench questions, both turns, and 200 IFEval prompts, through both dialects to three Gemini models. */
export const claim: Claim = {
  id: "traffic",
  title:
    "MT-Bench (80 x 2 turns) and 200 IFEval prompts, both dialects, three Gemini models: log and ledger agree",
  wanted: "0 lost; every request once in both, with equal tokens",
  async run({ short }) {
    await using signalbox = await startProofSignalbox();
    const conversations = (await demoConversations()).filter((_, at) => !short || at % shortStride === 0);
    const talks = everyTalk({ conversations, models: demoModels, url: signalbox.url, apiKey: undefined });
    const results: TurnResult[] = [];
    await runTraffic(
      talks.map((talk) => ({ ...talk, atMs: 0 })),
      (result) => results.push(result),
      (delayMs) => wait(delayMs),
    );
    const wanted = talks.reduce((turns, { conversation }) => turns + conversation.turns.length, 0);
    const answered = results.filter(({ ok }) => ok).length;
    const log = await readLog(signalbox, wanted);
    const differences = [...unknownAnswers(results, log), ...compare(log, await signalbox.emulator.ledger())];
    return {
      ok: answered === wanted && log.length === wanted && differences.length === 0,
      figure: `${answered} of ${wanted} answered, ${wanted - answered} lost; ${log.length} in the log, ${differences.length} differences to the ledger`,
      details: differences.slice(0, 10),
    };
  },
};

const usageShape = z.object({
  input_tokens: z.int(),
  cached_input_tokens: z.int(),
  output_tokens: z.int(),
  thinking_tokens: z.int(),
});

const requestShape = z.object({
  id: z.string(),
  model: z.string(),
  stream: z.boolean(),
  outcome: z.string(),
  upstream_response_id: z.string().nullable(),
  usage: usageShape.nullable(),
});

type LoggedRequest = z.output<typeof requestShape>;

const pageShape = z.object({
  requests: z.array(requestShape.pick({ id: true })),
  next_cursor: z.string().nullable(),
});

/** The whole log, page by page; waits (bounded) until the last batch is written. */
async function readLog(signalbox: ProofSignalbox, wanted: number): Promise<readonly LoggedRequest[]> {
  let ids: readonly string[] = [];
  for (let tries = 0; tries < 50 && ids.length < wanted; tries++) {
    if (tries > 0) await wait(200);
    ids = await readIds(signalbox);
  }
  const log: LoggedRequest[] = [];
  for (const id of ids) log.push(await get(signalbox, `/api/requests/${id}`, requestShape));
  return log;
}

async function readIds(signalbox: ProofSignalbox): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const path: string = `/api/requests?limit=200${cursor === "" ? "" : `&cursor=${cursor}`}`;
    const page: z.output<typeof pageShape> = await get(signalbox, path, pageShape);
    ids.push(...page.requests.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}

function get<Shape>({ url }: ProofSignalbox, path: string, shape: z.ZodType<Shape>): Promise<Shape> {
  return callControlPlane({ url, apiKey: undefined }, { method: "GET", path }, shape);
}

/** The answers that clients got and the log does not know by the id that stood in their header. */
function unknownAnswers(results: readonly TurnResult[], log: readonly LoggedRequest[]): readonly string[] {
  const known = new Set(log.map(({ id }) => id));
  return results
    .filter(({ requestId }) => !known.delete(requestId))
    .map(({ requestId }) => `${requestId}: answered, and not in the log or answered twice`);
}

/** Where the gateway's log and the emulator's ledger tell different things; every row of both must find its own. */
function compare(log: readonly LoggedRequest[], ledger: readonly LedgerRow[]): readonly string[] {
  const unmatched = new Map(ledger.map((row) => [row.responseId, row]));
  const differences: string[] = [];
  if (unmatched.size !== ledger.length) differences.push("an answer's id stands twice in the ledger");
  for (const request of log) {
    const responseId = request.upstream_response_id ?? "";
    const row = unmatched.get(responseId);
    const difference = row ? differenceOf(request, row) : "not in the ledger, or twice in the log";
    if (difference !== undefined) differences.push(`${request.id}: ${difference}`);
    unmatched.delete(responseId);
  }
  for (const row of unmatched.values()) differences.push(`${row.responseId}: not in the log`);
  return differences;
}

function differenceOf(request: LoggedRequest, row: LedgerRow): string | undefined {
  const { usage } = request;
  const logged = `${request.model}, ${wayOf(request.stream)}, ${request.outcome}`;
  const served = `${row.model}, ${wayOf(row.isStream)}, ${row.outcome}`;
  if (logged !== served) return `${logged} in the log, ${served} in the ledger`;
  if (!usage) return "no usage in the log";
  const pairs = [
    ["input", usage.input_tokens, row.promptTokens],
    ["cached", usage.cached_input_tokens, row.cachedTokens],
    ["output", usage.output_tokens, row.outputTokensSent],
    ["thinking", usage.thinking_tokens, row.thoughtTokens],
  ] as const;
  const unequal = pairs.find(([, inLog, inLedger]) => inLog !== inLedger);
  return unequal && `${unequal[1]} ${unequal[0]} tokens in the log, ${unequal[2]} in the ledger`;
}

function wayOf(stream: boolean): string {
  return stream ? "streamed" : "whole";
}
