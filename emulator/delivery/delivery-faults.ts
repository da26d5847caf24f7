import type { ApiFailure } from "../api-failure.ts";

/** How frames are written as server-sent events. Every combination is legal SSE. */
export interface EventStyle {
  readonly lineEnd: "\n" | "\r\n" | "\r";
  /** The JSON is spread over several data lines. */
  readonly isMultiLine: boolean;
  /** A comment and an unknown field come before each event. */
  readonly hasComments: boolean;
}

/** What goes wrong while a response is sent. Everything is optional; an empty object is a healthy delivery. */
export interface DeliveryFaults {
  /** Silence before the status line, ms. */
  readonly stallBeforeHeadersMs?: number;
  /** Silence between the headers and the first token, ms. */
  readonly stallBeforeFirstTokenMs?: number;
  /** Silence in the middle of the answer. */
  readonly stallAfter?: { readonly tokens: number; readonly ms: number };
  /** Deltas without content (in OpenAI streams the role one first) at once, before the model starts. */
  readonly emptyDeltas?: number;
  /** Comments only, for this long, before the model starts. */
  readonly keepAlives?: { readonly totalMs: number; readonly intervalMs: number };
  /** The connection is destroyed after this many output tokens. */
  readonly cutAfterTokens?: number;
  /** A frame that is no JSON, after this many output tokens; the answer goes on behind it. */
  readonly malformedAfterTokens?: number;
  /** Half a frame after this many output tokens, then a proper end. */
  readonly truncatedAfterTokens?: number;
  /** An error frame after this many output tokens, then a proper end. */
  readonly errorAfter?: { readonly tokens: number; readonly failure: ApiFailure };
  /** A proper end without finish reason after this many output tokens (Infinity: after the whole answer). */
  readonly unfinishedAfterTokens?: number;
  /** Bytes go out in pieces of this size, with a pause after each. */
  readonly drip?: { readonly bytes: number; readonly ms: number };
  /** Replaces the dialect's usual way of writing events. */
  readonly style?: Partial<EventStyle>;
}

/** Output token counts at which a fault strikes, so that a frame can end exactly there. */
export function strikePoints(faults: DeliveryFaults): readonly number[] {
  const points = [
    faults.stallAfter?.tokens,
    faults.cutAfterTokens,
    faults.malformedAfterTokens,
    faults.truncatedAfterTokens,
    faults.errorAfter?.tokens,
    faults.unfinishedAfterTokens,
  ];
  return points.filter((tokens) => tokens !== undefined).filter(Number.isFinite);
}
