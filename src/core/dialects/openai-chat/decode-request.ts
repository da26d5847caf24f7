import type { RequestProblem } from "#core/dialects/dialect.ts";
import { decodeMetadata } from "#core/dialects/openai/decode-metadata.ts";
import type { Fields } from "#core/dialects/fields.ts";
import { readBody } from "#core/dialects/openai/read-body.ts";
import type { KnownFields } from "#core/dialects/unknown-fields.ts";
import { isList, type Json } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { Result } from "#core/kernel/result.ts";
import type { ChatRequest, GenerationParameters } from "#core/llm/request.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeOutputFormat } from "./decode-output-format.ts";
import { decodeThinking, googleOptions } from "./decode-thinking.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { extraOf } from "./extra-fields.ts";

const googleFields: KnownFields = {
  cached_content: true,
  thinking_config: {
    thinking_budget: true,
    thinkingBudget: true,
    thinking_level: true,
    thinkingLevel: true,
    include_thoughts: true,
    includeThoughts: true,
  },
  thinkingConfig: {
    thinking_budget: true,
    thinkingBudget: true,
    thinking_level: true,
    thinkingLevel: true,
    include_thoughts: true,
    includeThoughts: true,
  },
};

const requestFields: KnownFields = {
  model: true,
  messages: true,
  stream: true,
  stream_options: { include_usage: true },
  tools: true,
  tool_choice: true,
  parallel_tool_calls: true,
  response_format: { type: true, json_schema: { name: true, description: true, strict: true, schema: true } },
  reasoning_effort: true,
  extra_body: { google: googleFields },
  google: googleFields,
  temperature: true,
  top_p: true,
  max_tokens: true,
  max_completion_tokens: true,
  stop: true,
  seed: true,
  presence_penalty: true,
  frequency_penalty: true,
  n: true,
  logprobs: true,
  top_logprobs: true,
  user: true,
  metadata: true,
  service_tier: true,
  prompt_variables: true,
};

/** Reads the body of POST /chat/completions, whatever its shape. */
export function decodeRequest(body: Json): Result<ChatRequest, RequestProblem> {
  return readBody(body, readRequest);
}

function readRequest(request: Fields): ChatRequest {
  return {
    // Google's own face of this protocol takes and lists ids with the prefix.
    model: request.requiredText("model").replace(/^models\//, ""),
    stream: request.flag("stream") ?? false,
    messages: decodeMessages(request),
    tools: decodeTools(request),
    toolChoice: decodeToolChoice(request),
    output: decodeOutputFormat(request),
    parameters: decodeParameters(request),
    thinking: decodeThinking(request),
    safety: [],
    includeUsage: request.child("stream_options")?.flag("include_usage") ?? false,
    ...present({
      parallelToolCalls: request.flag("parallel_tool_calls"),
      user: request.text("user"),
      metadata: decodeMetadata(request),
      serviceTier: request.text("service_tier"),
      cachedContent: googleOptions(request)?.text("cached_content"),
      promptVariables: request.json("prompt_variables"),
    }),
    ...extraOf(request.object, requestFields),
  };
}

function decodeParameters(request: Fields): GenerationParameters {
  const maxTokens = request.integer("max_tokens");
  return present({
    temperature: request.number("temperature"),
    topP: request.number("top_p"),
    maxOutputTokens: request.integer("max_completion_tokens") ?? maxTokens,
    stop: decodeStop(request),
    seed: request.integer("seed"),
    presencePenalty: request.number("presence_penalty"),
    frequencyPenalty: request.number("frequency_penalty"),
    candidateCount: request.integer("n"),
    logprobs: request.flag("logprobs"),
    topLogprobs: request.integer("top_logprobs"),
  });
}

function decodeStop(request: Fields): readonly string[] | undefined {
  const stop = request.value("stop");
  if (stop === undefined) return undefined;
  if (typeof stop === "string") return [stop];
  if (isList(stop) && stop.every((item) => typeof item === "string")) return stop;
  request.invalid("stop", "a string or an array of strings");
  return undefined;
}
