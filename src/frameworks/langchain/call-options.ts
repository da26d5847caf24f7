import type { BaseChatModelCallOptions, BindToolsInput } from "@langchain/core/language_models/chat_models";
import { convertToOpenAITool, isLangChainTool } from "@langchain/core/utils/function_calling";
import type { BaseMessage } from "@langchain/core/messages";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { RequestScope } from "../transport/request-scope.ts";
import { requestMessages } from "./request-messages.ts";

/** How the answer is sampled; undefined leaves it to the route's variant and the model. */
export interface SamplingOptions {
  readonly temperature?: number;
  readonly topP?: number;
  /** Most tokens of the answer, thinking included. */
  readonly maxTokens?: number;
  readonly seed?: number;
  /** How hard the model thinks first. */
  readonly reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh";
  /** Further fields of the request's body, as they go on the wire. */
  readonly extraBody?: JsonObject;
}

/** What may be said with one call, or bound by `withConfig`. */
export interface RoutedCallOptions extends BaseChatModelCallOptions, SamplingOptions, RequestScope {
  readonly tools?: readonly BindToolsInput[];
  /** Whether several tools may be called in one turn. */
  readonly parallel_tool_calls?: boolean;
  /** OpenAI's `response_format`. */
  readonly response_format?: JsonObject;
  /** Whether function declarations are strict (OpenAI `strict`). */
  readonly strict?: boolean;
  /** Further request headers, such as `x-signalbox-cache`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Set by the model itself: makes LangChain's cache key tell all messages apart. */
  readonly cacheDigest?: string;
}

/** A request's body but for the messages; the call's wishes win over the model's. */
export function requestBody(
  model: string,
  defaults: SamplingOptions & { readonly stop?: readonly string[] },
  options: Partial<RoutedCallOptions>,
): JsonObject {
  const stop = options.stop ?? defaults.stop;
  const tools = options.tools ?? [];
  return withoutUndefined({
    model,
    temperature: options.temperature ?? defaults.temperature,
    top_p: options.topP ?? defaults.topP,
    max_tokens: options.maxTokens ?? defaults.maxTokens,
    seed: options.seed ?? defaults.seed,
    reasoning_effort: options.reasoningEffort ?? defaults.reasoningEffort,
    stop: stop && stop.length > 0 ? stop : undefined,
    tools: tools.length > 0 ? tools.map((tool) => wireTool(tool, options.strict)) : undefined,
    tool_choice: tools.length > 0 ? wireToolChoice(options.tool_choice) : undefined,
    parallel_tool_calls: options.parallel_tool_calls,
    response_format: options.response_format,
    ...defaults.extraBody,
    ...options.extraBody,
  });
}

/** A whole request. */
export function chatRequest(body: JsonObject, messages: readonly BaseMessage[]): JsonObject {
  return { ...body, messages: requestMessages(messages) };
}

/** A tool as OpenAI declares it; what is no LangChain tool is on the wire's form already. */
function wireTool(tool: BindToolsInput, strict: boolean | undefined): JsonObject {
  const fields = strict === undefined ? undefined : { strict };
  const declared: unknown = isLangChainTool(tool) ? convertToOpenAITool(tool, fields) : tool;
  if (!isJsonObject(declared))
    throw new TypeError("Cannot bind a tool: a LangChain tool or an object is wanted");
  return declared;
}

function wireToolChoice(choice: RoutedCallOptions["tool_choice"]): Json | undefined {
  if (choice === undefined || choice === "auto" || choice === "none" || choice === "required") return choice;
  if (choice === "any") return "required";
  if (typeof choice === "string") return { type: "function", function: { name: choice } };
  return isJsonObject(choice) ? choice : undefined;
}

function withoutUndefined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
