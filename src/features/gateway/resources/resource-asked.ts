import type { ResourceCall, ResourceRequest } from "#core/dialects/resources.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { estimatedTextTokens } from "#core/routing/estimated-tokens.ts";
import { resourceFacts } from "#core/routing/request-facts.ts";
import type { Arrival, Asked } from "#features/gateway/asked.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { GatewaySnapshot, PlanProblem } from "#features/gateway/plan.ts";
import { providerHeader, resourcePlace } from "./resource-place.ts";

/** A call about something that a provider keeps, its body read. */
export interface ResourceInput {
  readonly call: ResourceCall;
  /** What the body says that creates something; absent for all else. */
  readonly request?: ResourceRequest;
  /** The body as it came; empty for none. */
  readonly text: string;
}

/** What such a call asks for, and the provider that it must go to; undefined where its model decides. */
export interface AskedResource {
  readonly asked: Asked;
  readonly provider: string | undefined;
}

/** What a call asks for in the words of all operations; a problem where nobody can tell which provider it is for. */
export function askedResource(
  snapshot: GatewaySnapshot,
  input: ResourceInput,
  known: { readonly arrival: Arrival; readonly client: ClientPort },
): Result<AskedResource, PlanProblem> {
  const { call, request } = input;
  const header = known.arrival.headers?.[providerHeader];
  const place = request
    ? undefined
    : resourcePlace(snapshot, call, typeof header === "string" ? header : undefined);
  if (place && !place.ok) return failed(place.error);
  const provider = request ? request.providers[0] : place?.value.provider;
  if (request && request.providers.length > 1) return failed(manyProviders(request.providers));
  const isAnswer = call.kind === "interaction" && call.action === "create";
  const stream = request?.stream ?? isStreamAsked(call);
  return ok({
    provider,
    asked: {
      ...known,
      model: request?.model ?? place?.value.deployment ?? "",
      stream,
      facts: resourceFacts(call.kind, {
        stream,
        inputTokens: request ? estimatedTextTokens(input.text) : 0,
        ...(request?.maxOutputTokens !== undefined && { maxOutputTokens: request.maxOutputTokens }),
        tags: known.arrival.tags,
      }),
      resource: { once: !isAnswer, free: !isAnswer && !isCharged(call) },
    },
  });
}

/** The name that the log has for a call that is refused before it is known where it belongs. */
export function askedName({ call, request }: ResourceInput): string {
  return request?.model ?? call.model ?? "";
}

/** Tokens are kept for money. What a batch costs is known when it is done, which is another call. */
function isCharged({ kind, action }: ResourceCall): boolean {
  return kind === "cached-content" && (action === "create" || action === "update");
}

/** An interaction may be read on as a stream. */
function isStreamAsked({ kind, action, query }: ResourceCall): boolean {
  return kind === "interaction" && action === "get" && new URLSearchParams(query).get("stream") === "true";
}

function manyProviders(providers: readonly string[]): PlanProblem {
  const message = `Cannot send the request: what it refers to must be at one provider, it is at ${providers.join(" and ")}`;
  return { status: 400, code: "invalid-request", message };
}
