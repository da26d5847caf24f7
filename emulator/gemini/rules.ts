import { ApiFailure, invalidArgument } from "../api-failure.ts";
import type { EmulatedModel } from "../models.ts";
import { totalTokens } from "../tokens.ts";
import { promptTokens } from "../service/prompt-tokens.ts";
import { checkConfig } from "./config-rules.ts";
import type { GenerateRequest } from "./request.ts";
import { checkSignatures } from "./signature-rules.ts";
import type { Signatures } from "./signatures.ts";
import { checkThinking } from "./thinking-rules.ts";
import { checkTools } from "./tool-rules.ts";
import { checkTurns } from "./turn-rules.ts";

/** The request rules of the API for a model. Throws the ApiFailure that the API would answer with. */
export function checkRules(request: GenerateRequest, model: EmulatedModel, signatures: Signatures): void {
  checkCachedContent(request, model);
  // What can be read of a cache was put into the request before.
  if (request.cachedContent !== undefined) throw cachedContentNotFound();
  checkTurns(request, model);
  checkTools(request, model);
  checkConfig(request, model);
  checkThinking(request.generationConfig?.thinkingConfig ?? {}, model);
  if (model.generation >= 3) checkSignatures(request.contents, signatures);
  checkWindow(request, model);
}

/** The rules about a named cache, whether or not there is one. */
export function checkCachedContent(
  { cachedContent, systemInstruction, tools, toolConfig }: GenerateRequest,
  model: EmulatedModel,
): void {
  if (cachedContent === undefined) return;
  if (model.generation >= 4) throw invalidArgument("Explicit caching is not supported for this model.");
  if (systemInstruction !== undefined || tools !== undefined || toolConfig !== undefined) {
    throw invalidArgument(
      "CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.\n\n" +
        "Proposed fix: move those values to CachedContent from GenerateContent request.",
    );
  }
}

/** Google says of what is gone, or another's, that either may be so. */
export function cachedContentNotFound(): ApiFailure {
  return new ApiFailure(403, "CachedContent not found (or permission denied)");
}

function checkWindow(request: GenerateRequest, model: EmulatedModel): void {
  const tokens = totalTokens(promptTokens(request, model));
  if (tokens <= model.inputTokenLimit) return;
  throw invalidArgument(
    `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${model.inputTokenLimit}).`,
  );
}
