import { encodeFinish } from "#core/dialects/openai-chat/finish-reason.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { generatedTokens } from "#core/llm/usage.ts";
import type { Candidate, ChatResponse } from "#core/llm/response.ts";
import { picoPerDollar } from "#core/pricing/money.ts";
import type { CalledTool, ScoredAnswer } from "#core/scoring/scored-answer.ts";
import type { RequestRecord } from "#features/traffic/index.ts";

/** An answer that a client was given, as scorers see it: the first of several, as long as the client waited for it. */
export function scoredChat(
  { timings, cost, usage }: Pick<RequestRecord, "timings" | "cost" | "usage">,
  { candidates, blocked }: ChatResponse,
): ScoredAnswer {
  const [candidate] = candidates;
  const toolCalls = candidate ? calledTools(candidate) : [];
  return {
    text: candidate ? textOf(candidate) : "",
    toolCalls,
    finishReason: blocked ? "content_filter" : finishWord(candidate, toolCalls.length > 0),
    fields: {},
    latencyMs: timings.totalMs,
    // A cost of which a part is not known is not what the answer cost.
    costUsd: cost && cost.unpricedAttempts === 0 ? cost.picoDollars / picoPerDollar : undefined,
    inputTokens: usage?.inputTokens,
    outputTokens: usage && generatedTokens(usage),
  };
}

function textOf({ parts }: Candidate): string {
  return parts.map((part) => (part.type === "text" || part.type === "refusal" ? part.text : "")).join("");
}

function calledTools({ parts }: Candidate): readonly CalledTool[] {
  return parts.flatMap((part) =>
    part.type === "tool-call" ? [{ name: part.name, arguments: objectIn(part.argumentsJson) }] : [],
  );
}

function finishWord(candidate: Candidate | undefined, hasToolCalls: boolean): string | undefined {
  if (!candidate?.finish) return undefined;
  const { finish_reason: word } = encodeFinish(candidate.finish, hasToolCalls);
  return typeof word === "string" ? word : undefined;
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Arguments that are no JSON are told as undefined: a scorer of tool calls says so.
    return undefined;
  }
}
