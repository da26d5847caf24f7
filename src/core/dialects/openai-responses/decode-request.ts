import type { RequestProblem } from "#core/dialects/dialect.ts";
import { decodeMetadata } from "#core/dialects/openai/decode-metadata.ts";
import type { Fields } from "#core/dialects/fields.ts";
import { readBody } from "#core/dialects/openai/read-body.ts";
import type { KnownFields } from "#core/dialects/unknown-fields.ts";
import { isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { Result } from "#core/kernel/result.ts";
import type { ChatRequest, ThreadTerms } from "#core/llm/request.ts";
import { decodeInput } from "./decode-input.ts";
import { decodeOutputFormat } from "./decode-output-format.ts";
import { decodeThinking } from "./decode-thinking.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { extraOf } from "./extra-fields.ts";
import { refuseUnserved } from "./refuse-unserved.ts";

const requestFields: KnownFields = {
  model: true,
  input: true,
  instructions: true,
  stream: true,
  // Usage is part of every whole answer; padding against listeners on the line is not written.
  stream_options: { include_usage: true, include_obfuscation: true },
  tools: true,
  tool_choice: true,
  parallel_tool_calls: true,
  text: { format: true },
  reasoning: { effort: true, summary: true, generate_summary: true },
  temperature: true,
  top_p: true,
  max_output_tokens: true,
  user: true,
  metadata: true,
  service_tier: true,
  prompt_variables: true,
  previous_response_id: true,
  store: true,
};

/** Reads the body of POST /responses, whatever its shape. */
export function decodeRequest(body: Json): Result<ChatRequest, RequestProblem> {
  return readBody(body, readRequest);
}

function readRequest(request: Fields): ChatRequest {
  refuseUnserved(request);
  return {
    model: request.requiredText("model").replace(/^models\//, ""),
    stream: request.flag("stream") ?? false,
    messages: decodeInput(request),
    tools: decodeTools(request),
    toolChoice: decodeToolChoice(request),
    output: decodeOutputFormat(request),
    parameters: present({
      temperature: request.number("temperature"),
      topP: request.number("top_p"),
      maxOutputTokens: request.integer("max_output_tokens"),
    }),
    thinking: decodeThinking(request),
    safety: [],
    includeUsage: true,
    thread: threadTerms(request),
    ...present({
      parallelToolCalls: request.flag("parallel_tool_calls"),
      user: request.text("user"),
      metadata: decodeMetadata(request),
      serviceTier: request.text("service_tier"),
      promptVariables: request.json("prompt_variables"),
    }),
    ...extraOf(unusual(request.object), requestFields),
  };
}

/** What most requests say: nothing. */
const usualTerms: ThreadTerms = { isStored: true };

function threadTerms(request: Fields): ThreadTerms {
  const previousId = request.text("previous_response_id");
  const isStored = request.flag("store") ?? true;
  if (previousId !== undefined) return { previousId, isStored };
  return isStored ? usualTerms : { isStored };
}

/** Things to include that are in every answer where they are: there is no need to ask. */
const included: ReadonlySet<Json> = new Set<Json>(["reasoning.encrypted_content"]);

/**
 * The body without the fields that ask for what happens anyway: nothing is left out of a conversation that is too long,
 * and the client waits for its answer.
 */
function unusual(body: JsonObject): JsonObject {
  const { truncation, background, include, top_logprobs, ...others } = body;
  return {
    ...others,
    truncation: truncation === "disabled" ? undefined : truncation,
    background: background === false ? undefined : background,
    include: isList(include) ? include.filter((item) => !included.has(item)) : include,
    top_logprobs: top_logprobs === 0 ? undefined : top_logprobs,
  };
}
