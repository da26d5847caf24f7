import type { LanguageModelV4CallOptions, SharedV4Warning } from "@ai-sdk/provider";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { promptMessages } from "./prompt-messages.ts";

/** A request of OpenAI's chat completions, and what of the call it cannot carry. */
export interface WireRequest {
  readonly body: JsonObject;
  readonly warnings: SharedV4Warning[];
}

/** Writes a call of the AI SDK. `providerOptions.signalbox` are further fields of the body, as they go on the wire. */
export function wireRequest(model: string, options: LanguageModelV4CallOptions): WireRequest {
  const { stopSequences = [], responseFormat, providerOptions } = options;
  const body = withoutUndefined({
    model,
    messages: promptMessages(options.prompt),
    max_tokens: options.maxOutputTokens,
    temperature: options.temperature,
    top_p: options.topP,
    presence_penalty: options.presencePenalty,
    frequency_penalty: options.frequencyPenalty,
    seed: options.seed,
    stop: stopSequences.length > 0 ? stopSequences : undefined,
    reasoning_effort: effortOf(options.reasoning),
    response_format: responseFormat && formatOf(responseFormat),
    ...toolFields(options),
    ...jsonObject(providerOptions?.["signalbox"]),
  });
  return { body, warnings: warningsOf(options) };
}

function effortOf(reasoning: LanguageModelV4CallOptions["reasoning"]): string | undefined {
  if (reasoning === undefined || reasoning === "provider-default") return undefined;
  return reasoning === "max" ? "xhigh" : reasoning;
}

function formatOf(format: NonNullable<LanguageModelV4CallOptions["responseFormat"]>): JsonObject | undefined {
  if (format.type === "text") return undefined;
  const { schema, name = "response", description } = format;
  if (!schema) return { type: "json_object" };
  return {
    type: "json_schema",
    json_schema: { name, schema: jsonObject(schema), ...(description !== undefined && { description }) },
  };
}

function toolFields({ tools = [], toolChoice }: LanguageModelV4CallOptions): JsonObject {
  const declared = tools.flatMap((tool) => (tool.type === "function" ? [tool] : []));
  if (declared.length === 0) return {};
  return {
    tools: declared.map(({ name, description, inputSchema, strict }) => ({
      type: "function",
      function: {
        name,
        parameters: jsonObject(inputSchema),
        ...(description !== undefined && { description }),
        ...(strict !== undefined && { strict }),
      },
    })),
    tool_choice: toolChoice && choiceOf(toolChoice),
  };
}

function choiceOf(choice: NonNullable<LanguageModelV4CallOptions["toolChoice"]>): Json {
  return choice.type === "tool" ? { type: "function", function: { name: choice.toolName } } : choice.type;
}

function warningsOf({ topK, reasoning, tools = [] }: LanguageModelV4CallOptions): SharedV4Warning[] {
  const foreign = tools.flatMap((tool) => (tool.type === "provider" ? [tool] : []));
  return [
    ...(topK === undefined ? [] : [unsupported("topK", "set it in the route's variant")]),
    ...(reasoning === "max" ? [compatible("reasoning: max", "xhigh is the most that can be asked for")] : []),
    ...foreign.map(({ id }) => unsupported(`tool ${id}`, "only tools with a schema can be sent")),
  ];
}

function unsupported(feature: string, details: string): SharedV4Warning {
  return { type: "unsupported", feature, details };
}

function compatible(feature: string, details: string): SharedV4Warning {
  return { type: "compatibility", feature, details };
}

/** What the SDK types otherwise is JSON all the same. */
function jsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function withoutUndefined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
