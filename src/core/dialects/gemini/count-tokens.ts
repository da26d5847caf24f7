import type { RequestPath, RequestProblem } from "#core/dialects/dialect.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { TokenCount } from "#core/llm/token-count.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { decodeRequestFields } from "./decode-request.ts";
import { readAnswer } from "./malformed-answer.ts";
import { modelPath } from "./paths.ts";
import { readBody } from "./read-body.ts";
import { byModality, count, details } from "./usage.ts";

/** Path below the base URL for counting tokens. */
export function countTokensPath(model: string): string {
  return modelPath(model, "countTokens");
}

/** Reads a countTokens body: contents alone, or a whole request in `generateContentRequest`. */
export function decodeCountTokensRequest(body: Json, path: RequestPath): Result<ChatRequest, RequestProblem> {
  return readBody(body, (request) => {
    const whole = request.child("generateContentRequest");
    if (whole && request.has("contents")) {
      request.problems.invalid("contents", "contents or generateContentRequest", "both");
    }
    return { ...decodeRequestFields(whole ?? request, path), stream: false };
  });
}

/** Writes a countTokens body around a generateContent body, so that system instruction and tools are counted too. */
export function encodeCountTokensRequest(generateContentBody: JsonObject, model: string): JsonObject {
  return { generateContentRequest: { model: `models/${model}`, ...generateContentBody } };
}

/** Reads a countTokens answer. */
export function decodeCountTokensResponse(body: Json): Result<TokenCount, UpstreamFailure> {
  return readAnswer(body, (answer) => {
    const total = answer.value("totalTokens");
    if (total === undefined) answer.invalid("totalTokens", "a number");
    const cached = answer.value("cachedContentTokenCount");
    return present({
      totalTokens: count(total),
      cachedTokens: cached === undefined ? undefined : count(cached),
      byModality: byModality(answer.value("promptTokensDetails")),
      cachedByModality: byModality(answer.value("cacheTokensDetails")),
    });
  });
}

/** Writes a countTokens answer. */
export function encodeCountTokensResponse(tokens: TokenCount): JsonObject {
  return {
    totalTokens: tokens.totalTokens,
    ...(tokens.cachedTokens !== undefined && { cachedContentTokenCount: tokens.cachedTokens }),
    ...details("promptTokensDetails", tokens.byModality),
    ...details("cacheTokensDetails", tokens.cachedByModality),
  };
}
