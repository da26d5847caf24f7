import { createHash } from "node:crypto";
import { canonicalJson } from "#core/kernel/canonical-json.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { RequiredTags } from "#core/routing/required-tags.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import { callerOf } from "#features/gateway/caller.ts";

/** What an answer is kept under. */
export interface KeptQuestion {
  readonly route: string;
  /** The variant that an experiment assigned it; undefined where none did. Variants that are compared share no answers. */
  readonly assigned: string | undefined;
  readonly request: ChatRequest;
  readonly arrival: Pick<Arrival, "principal" | "unit">;
  /** Where it must be answered: an answer from elsewhere is none. */
  readonly requires: RequiredTags | undefined;
  /** Whether all callers have their answers in common. */
  readonly shared: boolean;
}

/**
 * The key of a request among those whose answers are kept: SHA-256 of all that its answer depends on, in whichever dialect
 * and form (whole, stream) it is asked, and, unless the route shares its answers, of who asks and for whom.
 */
export function keptKey({ route, assigned, request, arrival, requires, shared }: KeptQuestion): string {
  // All but what says how the answer is sent, or whom it is for: a field that a dialect adds counts by itself.
  const { model: _model, stream: _stream, includeUsage: _usage, thread: _thread, ...rest } = request;
  const { metadata, user, ...asked } = rest;
  const whom = arrival.unit ?? user ?? metadata?.["user_id"];
  const whose = shared ? undefined : { who: callerOf(arrival), whom };
  return createHash("sha256")
    .update(canonicalJson({ route, assigned, requires, whose, asked }))
    .digest("base64");
}
