import type { Json } from "#core/kernel/json.ts";
import { failed, type Result } from "#core/kernel/result.ts";
import type { Candidate, ChatResponse, Finish, PromptBlock } from "#core/llm/response.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { decodePart } from "./decode-part.ts";
import { failureInBody } from "./decode-error.ts";
import { extraOf } from "./extra-fields.ts";
import type { Fields } from "./fields.ts";
import { decodeFinish } from "./finish-reasons.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { readAnswer } from "./malformed-answer.ts";
import { present, presentItems } from "#core/kernel/present.ts";
import { decodeUsage } from "./usage.ts";

/** Reads a generateContent answer. */
export function decodeResponse(body: Json): Result<ChatResponse, UpstreamFailure> {
  const failure = failureInBody(body);
  return failure ? failed(failure) : readAnswer(body, decodeAnswer);
}

/** Reads the fields of an answer, or of one frame of a streamed one. */
export function decodeAnswer(answer: Fields): ChatResponse {
  const feedback = answer.child("promptFeedback");
  const metadata = answer.child("usageMetadata");
  const blocked = feedback && decodeBlock(feedback);
  const read = {
    id: answer.text("responseId"),
    model: answer.text("modelVersion"),
    candidates: answer.children("candidates").map(decodeCandidate),
    blocked,
    usage: metadata && decodeUsage(metadata),
  };
  return { ...present(read), ...extraOf(answer, feedback && { promptFeedback: feedback }) };
}

function decodeBlock(feedback: Fields): PromptBlock | undefined {
  const raw = feedback.text("blockReason");
  return raw === undefined || raw === "BLOCK_REASON_UNSPECIFIED" ? undefined : { raw };
}

function decodeCandidate(candidate: Fields, position: number): Candidate {
  const content = candidate.child("content");
  content?.value("role");
  const parts = content ? presentItems(content.children("parts").map(decodePart)) : [];
  const hasToolCalls = parts.some(({ type }) => type === "tool-call");
  const index = candidate.integer("index") ?? position;
  const finish = decodeFinish(candidate.text("finishReason"), hasToolCalls);
  const logprobs = decodeLogprobs(candidate);
  // What follows from the tokens is written anew.
  if (logprobs) candidate.value("avgLogprobs");
  return {
    index,
    parts,
    ...(finish && { finish: withContinuationToken(finish, candidate) }),
    ...(logprobs && { logprobs }),
    ...extraOf(candidate, content && { content }),
  };
}

/** The token goes with the finish that asks for it; one on any other answer (a checkpoint) stays a field of Gemini's own. */
function withContinuationToken(finish: Finish, candidate: Fields): Finish {
  if (finish.reason !== "continuation") return finish;
  const continuationToken = candidate.text("continuationToken");
  return continuationToken === undefined ? finish : { ...finish, continuationToken };
}
