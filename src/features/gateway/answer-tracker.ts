import type { ChatResponse, Finish } from "#core/llm/response.ts";
import { isContent, type StreamPart } from "#core/llm/stream-part.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Usage } from "#core/llm/usage.ts";

/** What is known of an answer while it streams by. */
export interface AnswerTracker {
  /** Whether anything came that the client's user would see or act on. */
  readonly hasContent: boolean;
  /** The first finish reason, or the block of the prompt in its place. */
  readonly finish?: Finish;
  readonly usage?: Usage;
  readonly upstreamId?: string;
  /** What the upstream itself said went wrong. */
  readonly failure?: UpstreamFailure;
}

/** Nothing has come yet. */
export const emptyAnswer: AnswerTracker = { hasContent: false };

/** The tracker after one more part. */
export function trackPart(answer: AnswerTracker, part: StreamPart): AnswerTracker {
  switch (part.type) {
    case "response-start":
      return part.id === undefined ? answer : { ...answer, upstreamId: part.id };
    case "usage":
      return { ...answer, usage: part.usage };
    case "finish":
      return answer.finish ? answer : { ...answer, finish: part.finish };
    case "blocked":
      return { ...answer, finish: { reason: "content-filter", raw: part.block.raw } };
    case "error":
      return { ...answer, failure: part.failure };
    default:
      return answer.hasContent || !isContent(part) ? answer : { ...answer, hasContent: true };
  }
}

/** The same facts of a whole answer. */
export function trackResponse(response: ChatResponse): AnswerTracker {
  const finish = response.blocked
    ? ({ reason: "content-filter", raw: response.blocked.raw } as const)
    : response.candidates.find((candidate) => candidate.finish)?.finish;
  return {
    hasContent: response.candidates.some((candidate) => candidate.parts.length > 0),
    ...(finish && { finish }),
    ...(response.usage && { usage: response.usage }),
    ...(response.id !== undefined && { upstreamId: response.id }),
  };
}

/** Whether the answer may be shown to the client: content has begun, or it is complete without any. */
export function isPresentable(answer: AnswerTracker): boolean {
  return answer.failure === undefined && (answer.hasContent || answer.finish !== undefined);
}

/** What is wrong with an answer whose connection ended: an answer is whole only with a finish reason (invariant 2). */
export function incompleteness(answer: AnswerTracker): UpstreamFailure | undefined {
  if (answer.failure) return answer.failure;
  if (answer.finish) return undefined;
  return { kind: "incomplete-answer", message: "The upstream's answer ended without a finish reason" };
}
