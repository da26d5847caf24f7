import { invalidArgument } from "../api-failure.ts";
import { isJsonObject } from "../json.ts";
import type { EmulatedModel } from "../models.ts";
import { promptTokens } from "../service/prompt-tokens.ts";
import { totalTokens } from "../tokens.ts";
import { readMessage } from "./read-message.ts";
import { generateRequestOf } from "./read-request.ts";
import type { GenerateRequest } from "./request.ts";
import { countTokensFields } from "./request-fields.ts";
import { checkTurns } from "./turn-rules.ts";
import type { CountTokensBody } from "./response-bodies.ts";
import { modalityCounts } from "./usage.ts";

/** Reads a countTokens body: contents, or a whole request in generateContentRequest. */
export function readCountRequest(body: string): GenerateRequest {
  const { generateContentRequest, contents } = readMessage(body, countTokensFields);
  if (generateContentRequest !== undefined && contents !== undefined) {
    throw invalidArgument(
      "* CountTokensRequest: only one of contents and generate_content_request may be set.\n",
    );
  }
  return generateRequestOf(
    isJsonObject(generateContentRequest) ? generateContentRequest : { contents: contents ?? [] },
  );
}

/** The answer of countTokens. */
export function countTokensResponse(request: GenerateRequest, model: EmulatedModel): CountTokensBody {
  checkTurns(request, { ...model, generation: 0 });
  const counts = promptTokens(request, model);
  return { totalTokens: totalTokens(counts), promptTokensDetails: modalityCounts(counts) };
}
