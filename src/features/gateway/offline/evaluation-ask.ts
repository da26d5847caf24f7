import type { Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import type { PlannedEvaluations } from "#features/gateway/plan.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import type { PreparedOffline } from "./offline-call.ts";
import { ownArrival } from "./own-arrival.ts";
import { prepareOfRoute } from "./prepare-offline.ts";
import type { ShadowWorld } from "./shadow-ask.ts";

/** A request whose client has its answer, which an evaluation is to score. In memory only. */
export interface EvaluationAsk {
  readonly evaluation: string;
  /** What became of the client's request. */
  readonly record: RequestRecord;
  readonly request: ChatRequest;
  /** What the client was answered; absent where there is no answer. */
  readonly response?: ChatResponse;
  /** Whether the answer was longer than what is collected: `response` is its beginning then. */
  readonly truncated: boolean;
  /** What it holds in memory at least. */
  readonly bytes: number;
  /** Makes ready what a judge is asked: whoever is named in the request's `model`; or why it cannot be asked. */
  readonly judge: (request: ChatRequest) => Result<PreparedOffline, string>;
}

/** A request that was served, and taken into the samples of evaluations. */
interface ServedOnce {
  readonly asked: Asked & { readonly request: ChatRequest };
  readonly evaluations: PlannedEvaluations;
  readonly record: RequestRecord;
  readonly end: ClimbEnd;
}

/** Makes an ask for each evaluation. Judges are decided on what is in force by then. */
export function evaluationAsks(
  world: ShadowWorld,
  { asked: { request, arrival, body }, evaluations: { names, requires }, record, end }: ServedOnce,
): readonly EvaluationAsk[] {
  const { response, truncated = false } = end.content ?? {};
  const bytes = (body?.byteLength ?? 0) + (response ? textLength(response) : 0);
  return names.map((evaluation) => ({
    evaluation,
    record,
    request,
    ...(response && { response }),
    truncated,
    bytes,
    judge: (question) =>
      prepareOfRoute(world, world.snapshot(), {
        mark: { kind: "evaluation", request: record.requestId, evaluation },
        arrival: ownArrival(arrival, world),
        request: question,
        // What may not leave a region to be answered may not leave it to be judged.
        ...(requires && { requires }),
      }),
  }));
}

function textLength({ candidates }: ChatResponse): number {
  let length = 0;
  for (const { parts } of candidates)
    for (const part of parts) length += part.type === "text" ? part.text.length : 0;
  return length;
}
