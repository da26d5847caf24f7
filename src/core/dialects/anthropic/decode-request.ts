import type { RequestProblem } from "#core/dialects/dialect.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import type { KnownFields } from "#core/dialects/unknown-fields.ts";
import { Fields } from "#core/dialects/fields.ts";
import { Problems } from "#core/dialects/problems.ts";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { present } from "#core/kernel/present.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest, GenerationParameters } from "#core/llm/request.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeOutput } from "./decode-output.ts";
import { decodeThinking, hearsEffort } from "./decode-thinking.ts";
import { decodeParallel, decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { extraOf } from "./extra-fields.ts";

/** Reads the body of POST /v1/messages, whatever its shape. */
export function decodeRequest(body: Json): Result<ChatRequest, RequestProblem> {
  return readBody(body, (request) => {
    const maxOutputTokens = tokensMax(request);
    const asked = chatRequest(request);
    return { ...asked, parameters: { ...asked.parameters, maxOutputTokens } };
  });
}

/** Reads the body of POST /v1/messages/count_tokens: the same without what is said of the answer. */
export function decodeCountTokensRequest(body: Json): Result<ChatRequest, RequestProblem> {
  return readBody(body, (request) => ({ ...chatRequest(request), stream: false }));
}

function readBody(body: Json, read: (request: Fields) => ChatRequest): Result<ChatRequest, RequestProblem> {
  const problems = new Problems();
  if (!isJsonObject(body)) problems.invalid("body", "a JSON object", kindOf(body));
  else if (nestsTooDeep(body))
    problems.invalid("body", "less nesting of arrays and objects", "too many levels");
  else {
    const request = read(new Fields(body, problems));
    if (!problems.first) return ok(request);
  }
  const { first } = problems;
  return failed(first ?? { code: "invalid-request", message: "Cannot read the body: wanted an object" });
}

const formatFields: KnownFields = { type: true, schema: true };
const requestFields: KnownFields = {
  model: true,
  messages: true,
  max_tokens: true,
  system: true,
  stream: true,
  temperature: true,
  top_p: true,
  top_k: true,
  stop_sequences: true,
  tools: true,
  tool_choice: { type: true, name: true, disable_parallel_tool_use: true },
  thinking: { type: true, budget_tokens: true, display: true },
  output_format: formatFields,
  metadata: { user_id: true },
  service_tier: true,
  prompt_variables: true,
};

function chatRequest(request: Fields): ChatRequest {
  const known = { ...requestFields, output_config: { format: formatFields, ...effortField(request) } };
  return {
    model: request.requiredText("model"),
    stream: request.flag("stream") ?? false,
    messages: decodeMessages(request),
    tools: decodeTools(request),
    toolChoice: decodeToolChoice(request),
    output: decodeOutput(request),
    parameters: decodeParameters(request),
    thinking: decodeThinking(request),
    safety: [],
    // Anthropic's streams always tell it.
    includeUsage: true,
    ...present({
      parallelToolCalls: decodeParallel(request),
      user: request.child("metadata")?.text("user_id"),
      serviceTier: decodeTier(request),
      promptVariables: request.json("prompt_variables"),
    }),
    ...extraOf(request.object, known),
  };
}

/** Where it decides nothing the effort counts as unknown, so that it is named. */
function effortField(request: Fields): KnownFields {
  return hearsEffort(request) ? { effort: true } : {};
}

function tokensMax(request: Fields): number {
  const tokens = request.integer("max_tokens");
  // With 0 Anthropic reads the prompt into its cache and answers nothing: no other provider can be asked for that.
  if (tokens === undefined || tokens < 1) request.invalid("max_tokens", "an integer above 0");
  return tokens ?? 1;
}

function decodeParameters(request: Fields): GenerationParameters {
  return present({
    temperature: request.number("temperature"),
    topP: request.number("top_p"),
    topK: request.integer("top_k"),
    stop: decodeStop(request),
  });
}

function decodeStop(request: Fields): readonly string[] | undefined {
  const stop = request.list("stop_sequences");
  if (stop === undefined || stop.length === 0) return undefined;
  if (stop.every((sequence) => typeof sequence === "string")) return stop;
  return request.invalid("stop_sequences", "an array of strings");
}

/** Anthropic's words for "as you like" and "as usual"; others pass, for the providers that have them. */
function decodeTier(request: Fields): string | undefined {
  const tier = request.text("service_tier");
  if (tier === "auto") return undefined;
  return tier === "standard_only" ? "default" : tier;
}
