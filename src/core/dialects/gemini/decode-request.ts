import type { RequestPath, RequestProblem } from "#core/dialects/dialect.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Result } from "#core/kernel/result.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { decodeOutput, decodeParameters, decodeSafety, decodeThinking } from "./decode-config.ts";
import { decodeContents, decodeSystem } from "./decode-contents.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { unread } from "./extra-fields.ts";
import type { Fields } from "./fields.ts";
import { present } from "#core/kernel/present.ts";
import { readBody } from "./read-body.ts";

/** Reads a generateContent body. Fields that have no neutral counterpart are kept: the provider judges them. */
export function decodeRequest(body: Json, path: RequestPath): Result<ChatRequest, RequestProblem> {
  return readBody(body, (request) => decodeRequestFields(request, path));
}

/** Reads the fields of a generateContent body. */
export function decodeRequestFields(request: Fields, path: RequestPath): ChatRequest {
  const config = request.child("generationConfig");
  const thinking = config?.child("thinkingConfig");
  const toolConfig = request.child("toolConfig");
  const calling = toolConfig?.child("functionCallingConfig");
  return {
    model: modelName(request, path.model),
    stream: path.stream ?? false,
    messages: [...decodeSystem(request), ...decodeContents(request)],
    tools: decodeTools(request),
    toolChoice: decodeToolChoice(calling),
    output: decodeOutput(config),
    parameters: decodeParameters(config),
    thinking: decodeThinking(thinking),
    safety: decodeSafety(request),
    ...present({
      serviceTier: request.text("serviceTier"),
      cachedContent: request.text("cachedContent"),
      promptVariables: request.json("promptVariables"),
    }),
    includeUsage: true,
    ...requestExtra({ request, config, thinking, toolConfig, calling }),
  };
}

/** The model's name without `models/`: the path's, or else the body's. */
export function modelName(fields: Fields, fromPath: string | undefined): string {
  const name = fields.text("model");
  const model = (fromPath ?? name ?? "").replace(/^models\//, "");
  if (model === "") fields.problems.invalid(fields.at("model"), "the name of a model", "nothing");
  return model;
}

function requestExtra(read: {
  readonly request: Fields;
  readonly config: Fields | undefined;
  readonly thinking: Fields | undefined;
  readonly toolConfig: Fields | undefined;
  readonly calling: Fields | undefined;
}): { readonly extra?: Extra } {
  const fields = unread(read.request, {
    generationConfig: read.config && unread(read.config, { thinkingConfig: read.thinking }),
    toolConfig: read.toolConfig && unread(read.toolConfig, { functionCallingConfig: read.calling }),
  });
  return fields ? { extra: { dialect: "gemini", fields } } : {};
}
