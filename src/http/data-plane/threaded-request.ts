import type { RequestProblem, StoredTurn } from "#core/dialects/dialect.ts";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { Arrival } from "#features/gateway/index.ts";
import type { StoredThreads } from "#features/traffic/index.ts";
import type { ByteLease } from "#http/data-plane/byte-budget.ts";

/** A request that was decoded by itself. */
export interface DecodedRequest {
  readonly body: Json;
  readonly decoded: ChatRequest;
}

/** Gives the turns that stand before a request, the oldest first. */
export type TurnsBefore = StoredThreads["turnsBefore"];

/** Whether a request goes on from turns that it does not bring: only such a one waits for the store. */
export function isThreaded({ thread }: ChatRequest): boolean {
  return thread?.previousId !== undefined;
}

/**
 * The request behind the turns that it goes on from.
 * @throws AppError where they are not there for whoever sends it, or are too many
 */
export async function threadedRequest(
  turnsBefore: TurnsBefore,
  { body, decoded }: DecodedRequest,
  { arrival, lease }: { readonly arrival: Arrival; readonly lease: ByteLease },
): Promise<Result<ChatRequest, RequestProblem>> {
  const { threads } = arrival.dialect.server;
  const previousId = decoded.thread?.previousId;
  if (!threads || previousId === undefined || !isJsonObject(body)) return ok(decoded);
  const { principal } = arrival;
  const turns: readonly StoredTurn[] = await turnsBefore({
    previousId,
    keyId: principal?.kind === "key" ? principal.keyId : undefined,
    threads,
    takes: (bytes) => lease.take(bytes),
  });
  return threads.decodeRequest(body, turns);
}
