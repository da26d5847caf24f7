import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { ReplyHeaders } from "../transport/chat-transport.ts";
import { routedMetadata, type RoutedMetadata } from "../transport/routed-metadata.ts";
import { SignalboxError } from "../transport/signalbox-error.ts";

/** The custom event that tells how a call was routed; its data is a `RoutedMetadata`. Once a call, before the answer. */
export const decisionEvent = "signalbox:decision";
/** The custom event that tells of one upstream call; its data is an `AttemptEvent`. Once for each, in order. */
export const attemptEvent = "signalbox:attempt";

/** What is told of one upstream call. Its times and what failed are in the request log, by the request's id. */
export interface AttemptEvent {
  readonly request_id?: string;
  /** From 1. */
  readonly attempt: number;
  /** Whether the answer, or the rest of it, comes from this call. */
  readonly answered: boolean;
  /** Who was asked, where it answered. */
  readonly deployment?: string;
  /** Whether it went on with a stream that broke. */
  readonly resumed?: true;
}

/** Most attempts that events are sent for: routes allow far fewer. */
const attemptsMax = 100;

type RunManager = Pick<CallbackManagerForLLMRun, "handleCustomEvent">;

/** Tells an application's callbacks how a call was routed and who was asked. */
export async function tellRouting(headers: ReplyHeaders, runManager: RunManager | undefined): Promise<void> {
  if (!runManager) return;
  const routed = routedMetadata(headers);
  await runManager.handleCustomEvent(decisionEvent, routed);
  for (const event of attemptEvents(routed)) await runManager.handleCustomEvent(attemptEvent, event);
}

/** The same of a call that failed, as far as its error tells. */
export async function tellFailure(error: unknown, runManager: RunManager | undefined): Promise<void> {
  if (error instanceof SignalboxError && "x-signalbox-route" in error.headers)
    await tellRouting(error.headers, runManager);
}

/** Tells of a call that went on with a stream. @param trailers what stands behind the stream */
export async function tellResumption(
  headers: ReplyHeaders,
  trailers: ReplyHeaders,
  runManager: RunManager | undefined,
): Promise<void> {
  const { resumed } = routedMetadata(trailers);
  if (!runManager || resumed === undefined) return;
  const { request_id, attempts = 0 } = routedMetadata(headers);
  const event: AttemptEvent = {
    ...(request_id !== undefined && { request_id }),
    attempt: attempts + 1,
    answered: true,
    deployment: resumed,
    resumed: true,
  };
  await runManager.handleCustomEvent(attemptEvent, event);
}

/** Of several calls the last one answered; where nobody did, the headers name no deployment. */
function attemptEvents(routed: RoutedMetadata): readonly AttemptEvent[] {
  const { request_id, deployment, attempts = 0 } = routed;
  return Array.from({ length: Math.min(attempts, attemptsMax) }, (_, index) => {
    const answered = deployment !== undefined && index === attempts - 1;
    return {
      ...(request_id !== undefined && { request_id }),
      attempt: index + 1,
      answered,
      ...(answered && { deployment }),
    };
  });
}
