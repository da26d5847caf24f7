import type { EncodedRequest, RequestProblem, UpstreamModel } from "#core/dialects/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest, GenerationParameters, OutputFormat } from "#core/llm/request.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeThinking } from "./encode-thinking.ts";
import { encodeSchema, encodeTools } from "./encode-tools.ts";
import { Encoding } from "./encoding.ts";
import { isList } from "#core/kernel/json.ts";
import { textOf } from "#core/dialects/fields.ts";
import { responsesFields } from "./responses-fields.ts";
import { present } from "#core/kernel/present.ts";
import { withExtra } from "./extra-fields.ts";

/** The name of a schema whose client gave none: OpenAI wants one. */
const schemaNameDefault = "response";

/**
 * Writes the body of POST /chat/completions for an upstream. Usage is always asked for in streams: it prices the call.
 * What has no place becomes a warning; what would change the meaning, a problem.
 */
export function encodeRequest(
  request: ChatRequest,
  model: UpstreamModel,
): Result<EncodedRequest, RequestProblem> {
  const encoding = new Encoding(model);
  refuseForeignOutput(request, encoding);
  dropForeignWishes(request, encoding);
  const written = {
    model: model.id,
    messages: encodeMessages(request.messages, encoding),
    ...(request.stream && { stream: true, stream_options: { include_usage: true } }),
    ...encodeTools(request.tools, request.toolChoice, request.parallelToolCalls, encoding),
    ...encodeOutput(request.output, encoding),
    ...encodeParameters(request, encoding),
    ...googleFields(request, encoding),
    ...present({ user: request.user, metadata: request.metadata, service_tier: request.serviceTier }),
  };
  const own = responsesFields(request.extra);
  const body = own
    ? encoding.withExtra({ ...written, ...own.shared }, own.rest, "")
    : encoding.withExtra(written, keptFields(request), "");
  if (encoding.problems.first) return failed(encoding.problems.first);
  return ok({ body, warnings: encoding.warnings });
}

function encodeOutput(output: OutputFormat, encoding: Encoding): JsonObject {
  switch (output.type) {
    case "text":
      return {};
    case "json":
      return { response_format: { type: "json_object" } };
    case "json-schema":
      return {
        response_format: {
          type: "json_schema",
          json_schema: present({
            name: output.name ?? schemaNameDefault,
            description: output.description,
            strict: output.strict,
            schema: encodeSchema(output.schema, output.notation, "output.schema", encoding),
          }),
        },
      };
  }
}

function encodeParameters({ parameters }: ChatRequest, encoding: Encoding): JsonObject {
  const { model, speaksGoogle } = encoding;
  if (model.ignoresSampling) dropSampling(parameters, encoding);
  // The older name is the one that every compatible server knows; OpenAI's thinking models take only the newer.
  const takesOlderName = model.thinking.mode === "none" || speaksGoogle;
  return present({
    temperature: model.ignoresSampling ? undefined : parameters.temperature,
    top_p: model.ignoresSampling ? undefined : parameters.topP,
    max_tokens: takesOlderName ? parameters.maxOutputTokens : undefined,
    max_completion_tokens: takesOlderName ? undefined : parameters.maxOutputTokens,
    stop: parameters.stop,
    seed: parameters.seed,
    presence_penalty: parameters.presencePenalty,
    frequency_penalty: parameters.frequencyPenalty,
    n: parameters.candidateCount,
    logprobs: parameters.logprobs,
    top_logprobs: parameters.topLogprobs,
  });
}

function dropSampling({ temperature, topP }: GenerationParameters, encoding: Encoding): void {
  if (temperature !== undefined) encoding.drop("temperature", "the model ignores it");
  if (topP !== undefined) encoding.drop("top_p", "the model ignores it");
}

function googleFields(request: ChatRequest, encoding: Encoding): JsonObject {
  const thinking = encodeThinking(request.thinking, encoding);
  if (request.cachedContent === undefined) return thinking;
  if (encoding.speaksGoogle) {
    const fields = { extra_body: { google: { cached_content: request.cachedContent } } };
    return withExtra(thinking, { dialect: "openai-chat", fields });
  }
  // The cached prefix is part of the prompt: without it the model would answer another question.
  encoding.problems.unsupported("cachedContent", "the upstream does not hold the cached part of the prompt");
  return thinking;
}

function dropForeignWishes(request: ChatRequest, encoding: Encoding): void {
  const why = "this dialect has no field for it";
  if (request.parameters.topK !== undefined) encoding.drop("topK", why);
  for (const setting of request.safety) encoding.drop(`safety.${setting.category}`, why);
}

/** This dialect's fields, without a kept `stream_options` where there is no stream to have options. */
function keptFields(request: ChatRequest): ChatRequest["extra"] {
  if (request.stream || request.extra?.dialect !== "openai-chat") return request.extra;
  const { stream_options: _dropped, ...fields } = request.extra.fields;
  return { dialect: "openai-chat", fields };
}

/** Pictures, speech, or the rest of an earlier answer: no warning could stand for an answer of another kind. */
function refuseForeignOutput(request: ChatRequest, encoding: Encoding): void {
  if (request.extra?.dialect !== "gemini") return;
  const config = request.extra.fields["generationConfig"];
  const modalities = listed(request.extra.fields["responseModalities"]).concat(
    listed(isJsonObject(config) ? config["responseModalities"] : undefined),
  );
  if (request.extra.fields["continuationToken"] !== undefined) {
    encoding.problems.unsupported(
      "continuationToken",
      "the upstream cannot go on with another provider's answer",
    );
  }
  const foreign = modalities.find((modality) => textOf(modality).toUpperCase() !== "TEXT");
  if (foreign !== undefined) {
    encoding.problems.unsupported("generationConfig.responseModalities", "the upstream answers in text only");
  }
}

function listed(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
