import type { Random } from "#core/kernel/random.ts";
import type { Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { generatedTokens } from "#core/llm/usage.ts";
import type { ShadowChoice } from "#core/routing/shadow.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import type { GatewaySnapshot, PlannedShadow } from "#features/gateway/plan.ts";
import type { RequestRecord, ShadowRecord } from "#features/traffic/index.ts";
import type { PreparedOffline } from "./offline-call.ts";
import { ownArrival } from "./own-arrival.ts";
import { prepareOfRoute, prepareShadow, type OfflineWorld } from "./prepare-offline.ts";

/** A request whose client has its answer, and that another variant is to answer once more. In memory only. */
export interface ShadowAsk {
  readonly choice: ShadowChoice;
  /** The unit's pseudonym. */
  readonly unit: string;
  /** What became of the client's request. */
  readonly record: RequestRecord;
  readonly request: ChatRequest;
  /** What the client was answered, whole; absent where nobody is to read it, or there is no such thing. */
  readonly response?: ChatResponse;
  /** What it holds in memory at least. */
  readonly bytes: number;
  /** Makes the second answer ready, as a request that comes in now; or why there can be none. */
  readonly shadow: () => Result<PreparedOffline, string>;
  /** Makes ready what a judge is asked: the route that is named in the request's `model`; or why it cannot be asked. */
  readonly judge: (request: ChatRequest) => Result<PreparedOffline, string>;
}

/** What asks are made with. */
export interface ShadowWorld extends OfflineWorld {
  readonly random: Random;
  /** What is in force now. */
  readonly snapshot: () => GatewaySnapshot;
}

/** A request that was served, and was decided to be answered once more. */
interface ServedOnce {
  readonly asked: Asked & { readonly request: ChatRequest };
  readonly shadow: PlannedShadow;
  readonly record: RequestRecord;
  readonly end: ClimbEnd;
}

/** Makes an ask. The second answer is decided on what the first was decided on; a judge on what is in force by then. */
export function shadowAsk(world: ShadowWorld, { asked, shadow, record, end }: ServedOnce): ShadowAsk {
  const { choice, snapshot, route, variant } = shadow;
  const { request, arrival } = asked;
  const body = asked.body && Buffer.from(asked.body.buffer, asked.body.byteOffset, asked.body.byteLength);
  const { name: experiment, phase, unit, isJudged } = choice;
  const generated = generatedTokens(record.usage);
  const expectedTokens = generated > 0 ? generated : undefined;
  const mark = (kind: "shadow" | "judge"): ShadowRecord => ({
    kind,
    request: record.requestId,
    experiment,
    phase,
  });
  return {
    choice,
    unit: world.pseudonym(unit.kind, unit.name),
    record,
    request,
    ...(isJudged && end.content && !end.content.truncated && { response: end.content.response }),
    bytes: body?.byteLength ?? 0,
    shadow: () =>
      prepareShadow(
        world,
        snapshot,
        { route, variant, expectedTokens },
        { mark: mark("shadow"), arrival: ownArrival(arrival, world), request, ...(body && { body }) },
      ),
    judge: (question) =>
      prepareOfRoute(world, world.snapshot(), {
        mark: mark("judge"),
        arrival: ownArrival(arrival, world),
        request: question,
        // What may not leave a region to be answered may not leave it to be judged.
        ...(route.requires && { requires: route.requires }),
      }),
  };
}
