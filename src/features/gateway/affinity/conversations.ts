import type { RouteAffinity } from "#core/routing/affinity.ts";
import { conversationNumber, ConversationTable } from "#core/routing/conversation-table.ts";
import type { Asked } from "#features/gateway/asked.ts";
import { callerOf } from "#features/gateway/caller.ts";
import { conversationKey } from "#features/gateway/request-unit.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

/** Conversations that are remembered: some 3 MB. What is older gives way. */
const conversationsMax = 100_000;

/** The deployment that a conversation was served by last, and what may keep it there. */
export interface Home {
  readonly deployment: string;
  /** Tokens of its last prompt and answer. */
  readonly tokens: number;
  /** Since then, ms >= 0. */
  readonly idleMs: number;
  readonly route: RouteAffinity;
}

/** Where the conversations of routes with affinity are. Kept in memory, over changes of the configuration. */
export class Conversations {
  /** Made for the first route that asks. */
  #table: ConversationTable | undefined;

  /** The number of the caller's conversation that a chat request goes on with; undefined where it is none. */
  numberOf({ facts, arrival, request }: Asked, route: string): number | undefined {
    if (facts.operation !== "chat") return undefined;
    const key = conversationKey(arrival.conversation, request);
    return key === undefined ? undefined : conversationNumber(route, callerOf(arrival), key);
  }

  /** Where it is; undefined where that is not known. */
  homeOf(conversation: number, route: RouteAffinity, nowMs: number): Home | undefined {
    const place = this.#table?.placeOf(conversation);
    if (!place) return undefined;
    const { deployment, tokens, atMs } = place;
    return { deployment, tokens, idleMs: Math.max(0, nowMs - atMs), route };
  }

  /** A request of it is over: whoever answered has its prompt, and its answer, now. */
  served(conversation: number, attempts: readonly AttemptRecord[], nowMs: number): void {
    // The last: an answer in pieces is whole at its last one, which has read those before.
    const answered = attempts.findLast(({ outcome }) => outcome === "completed");
    if (!answered?.usage) return;
    const { deployment, usage } = answered;
    this.#table ??= new ConversationTable(conversationsMax);
    const tokens = usage.inputTokens + usage.outputTokens;
    this.#table.note(conversation, { deployment, atMs: nowMs, tokens });
  }
}
