import type { Json } from "#core/kernel/json.ts";
import type { ReplyHeaders } from "#frameworks/transport/chat-transport.ts";
import { routedMetadata } from "#frameworks/transport/routed-metadata.ts";
import type { RunnableChain } from "./run/run-context.ts";
import type { RunLedger } from "./run/run-ledger.ts";
import type { ChainAnswer } from "./schema.ts";

/** What an answer is made from. */
interface Run {
  readonly chain: RunnableChain;
  readonly ledger: RunLedger;
  readonly requestId: string;
}

/** The answer of a run: its output, how its last request was routed, and what all of them used and cost. */
export function answerOf(output: Json, { chain, ledger, requestId }: Run): ChainAnswer {
  const { route = "", variant = "", deployment = "" } = routedMetadata(ledger.headers);
  return {
    output,
    version: chain.definition.version,
    request_id: requestId,
    route,
    variant,
    deployment,
    ...ledger.totals,
    repairs: ledger.repairs,
    requests: [...ledger.requests],
  };
}

/**
 * The headers of ours, to be sent on: those of the newest answer under the id of the run, with the cost of the whole.
 * What belongs to the body of the model's answer is left out.
 */
export function signalboxHeaders(ledger: RunLedger, requestId: string): ReplyHeaders {
  const entries = Object.entries(ledger.headers).filter(([name]) => /^(?:x-|server-timing$)/.test(name));
  if (entries.length === 0) return { "x-signalbox-request-id": requestId, "x-request-id": requestId };
  const { "x-signalbox-cost-usd": _ofOne, ...headers } = Object.fromEntries(entries);
  const { cost_usd: costUsd } = ledger.totals;
  return {
    ...headers,
    "x-signalbox-request-id": requestId,
    "x-request-id": requestId,
    ...(costUsd !== undefined && { "x-signalbox-cost-usd": costUsd }),
  };
}
