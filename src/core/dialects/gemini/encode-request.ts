import type { EncodedRequest, RequestProblem, UpstreamModel } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest, SafetySetting } from "#core/llm/request.ts";
import { encodeConfig } from "./encode-config.ts";
import { encodeContents } from "./encode-contents.ts";
import { encodeToolChoice, encodeTools } from "./encode-tools.ts";
import { refuseForeignFeatures } from "./foreign-features.ts";
import { Notes } from "./notes.ts";
import { present } from "#core/kernel/present.ts";
import { withExtra } from "./extra-fields.ts";

/** Writes a request as a generateContent body for one model. */
export function encodeRequest(
  request: ChatRequest,
  model: UpstreamModel,
): Result<EncodedRequest, RequestProblem> {
  const notes = new Notes();
  const body = encodeBody(request, model, notes);
  noteLosses(request, notes);
  return notes.problem ? failed(notes.problem) : ok({ body, warnings: notes.warnings });
}

function encodeBody(request: ChatRequest, model: UpstreamModel, notes: Notes): JsonObject {
  const tools = encodeTools(request.tools, notes);
  const calling = encodeToolChoice(request.toolChoice, request.tools);
  const { systemInstruction, contents } = encodeContents(request.messages, model, notes);
  const body = present({
    systemInstruction,
    contents,
    tools: tools.length > 0 ? tools : undefined,
    toolConfig: calling && { functionCallingConfig: calling },
    safetySettings: request.safety.length > 0 ? request.safety.map(encodeSafety) : undefined,
    generationConfig: encodeConfig(request, model, notes),
    cachedContent: request.cachedContent,
    serviceTier: serviceTier(request.serviceTier),
  });
  return withExtra(body, request.extra);
}

function encodeSafety({ category, threshold }: SafetySetting): JsonObject {
  return { category, threshold };
}

/** Names what the request wishes and Gemini's protocol cannot say. */
function noteLosses(request: ChatRequest, notes: Notes): void {
  refuseForeignFeatures(request.extra, notes);
  notes.foreign(request.extra, "");
  if (request.user !== undefined) notes.dropped("user", "Gemini takes no id of an end user");
  if (request.metadata !== undefined) notes.dropped("metadata", "Gemini takes no labels");
  if (request.parallelToolCalls === false) {
    notes.dropped("parallel_tool_calls", "Gemini decides how many tools it calls in one turn");
  }
}

/** OpenAI's words for "as usual" in Gemini's. */
function serviceTier(tier: string | undefined): string | undefined {
  if (tier === "auto") return undefined;
  return tier === "default" ? "standard" : tier;
}
