import type {
  FunctionDeclaration,
  GenerateRequest,
  GenerationConfig,
  ThinkingConfig,
  ToolConfig,
} from "../gemini/request.ts";
import { parseJson } from "../gemini/read-message.ts";
import type { Json } from "../json.ts";
import { isJsonObject } from "../json.ts";
import type { EmulatedModel } from "../models.ts";
import { badOpenAiRequest } from "./errors.ts";
import { readMessages } from "./messages.ts";
import type { Fields } from "./read-fields.ts";
import {
  objectList,
  optionalFlag,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalText,
  requiredText,
} from "./read-fields.ts";

/** What a chat completion request says beside what the model reads. */
export interface ChatRequest {
  readonly model: string;
  readonly isStream: boolean;
  readonly includeUsage: boolean;
  /** Everything else; read once the model is known. */
  readonly fields: Fields;
}

/** Reads the outside of a chat completion body. */
export function readChatRequest(body: string): ChatRequest {
  const object = parseJson(body);
  if (!isJsonObject(object)) throw badOpenAiRequest("The body must be a JSON object.", "");
  const fields = { object, path: "" };
  const options = optionalObject(fields, "stream_options");
  return {
    model: requiredText(fields, "model"),
    isStream: optionalFlag(fields, "stream") ?? false,
    includeUsage: options === undefined ? false : (optionalFlag(options, "include_usage") ?? false),
    fields,
  };
}

/** The request as the emulated model reads it. */
export function generateRequestOfChat({ fields }: ChatRequest, model: EmulatedModel): GenerateRequest {
  const declarations = objectList(fields, "tools").map(declaration);
  const toolConfig = toolConfigOf(fields);
  return {
    ...readMessages(fields),
    ...(declarations.length === 0 ? {} : { tools: [{ functionDeclarations: declarations }] }),
    ...(toolConfig === undefined ? {} : { toolConfig }),
    generationConfig: configOf(fields, model),
  };
}

/** Whether the last message is the beginning of the answer, in the words of vLLM or of Mistral and DeepSeek. */
export function asksToGoOn({ fields }: ChatRequest): boolean {
  if (optionalFlag(fields, "continue_final_message") === true)
    return optionalFlag(fields, "add_generation_prompt") === false;
  const last = objectList(fields, "messages").at(-1);
  return last !== undefined && optionalFlag(last, "prefix") === true;
}

function declaration(tool: Fields): FunctionDeclaration {
  const type = requiredText(tool, "type");
  const inner = optionalObject(tool, "function");
  if (type !== "function" || inner === undefined) {
    throw badOpenAiRequest(
      `Invalid value: '${type}'. Supported values are: 'function'.`,
      `${tool.path}.type`,
    );
  }
  const description = optionalText(inner, "description");
  const parameters = inner.object["parameters"] ?? undefined;
  return {
    name: requiredText(inner, "name"),
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parametersJsonSchema: parameters }),
  };
}

function toolConfigOf(fields: Fields): ToolConfig | undefined {
  const choice = fields.object["tool_choice"] ?? undefined;
  if (choice === undefined) return undefined;
  const modes: Readonly<Record<string, string>> = { none: "NONE", auto: "AUTO", required: "ANY" };
  if (typeof choice === "string" && modes[choice] !== undefined)
    return { functionCallingConfig: { mode: modes[choice] } };
  const named =
    isJsonObject(choice) && isJsonObject(choice["function"]) ? choice["function"]["name"] : undefined;
  if (typeof named === "string")
    return { functionCallingConfig: { mode: "ANY", allowedFunctionNames: [named] } };
  throw badOpenAiRequest("Invalid value for 'tool_choice'.", "tool_choice");
}

function configOf(fields: Fields, model: EmulatedModel): GenerationConfig {
  return present({
    temperature: optionalNumber(fields, "temperature"),
    topP: optionalNumber(fields, "top_p"),
    candidateCount: optionalNumber(fields, "n"),
    maxOutputTokens: optionalNumber(fields, "max_completion_tokens") ?? optionalNumber(fields, "max_tokens"),
    stopSequences: stopSequences(fields),
    seed: optionalNumber(fields, "seed"),
    responseLogprobs: optionalFlag(fields, "logprobs"),
    logprobs: optionalNumber(fields, "top_logprobs"),
    thinkingConfig: thinkingOf(fields, model),
    ...structureOf(fields),
  });
}

function stopSequences(fields: Fields): readonly string[] | undefined {
  const stop = fields.object["stop"] ?? undefined;
  if (stop === undefined || typeof stop === "string") return stop === undefined ? undefined : [stop];
  return optionalList(fields, "stop").map(String);
}

type Structure = { readonly responseMimeType?: string; readonly responseJsonSchema?: Json };

function structureOf(fields: Fields): Structure {
  const format = optionalObject(fields, "response_format");
  const type = format === undefined ? "text" : requiredText(format, "type");
  if (format === undefined || type === "text") return {};
  if (type === "json_object") return { responseMimeType: "application/json" };
  const inner = optionalObject(format, "json_schema");
  if (type !== "json_schema" || inner === undefined)
    throw badOpenAiRequest("Invalid value for 'response_format'.", "response_format");
  requiredText(inner, "name");
  const schema = inner.object["schema"];
  return {
    responseMimeType: "application/json",
    ...(schema === undefined ? {} : { responseJsonSchema: schema }),
  };
}

/** Budgets that reasoning efforts stand for on Gemini 2.5. https://ai.google.dev/gemini-api/docs/openai, read 2026-11-24 */
const budgetByEffort: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
};

function thinkingOf(fields: Fields, model: EmulatedModel): ThinkingConfig | undefined {
  const explicit = googleThinking(fields);
  const effort = optionalText(fields, "reasoning_effort");
  if (effort === undefined) return explicit;
  const budget = budgetByEffort[effort];
  if (budget === undefined)
    throw badOpenAiRequest(`Invalid value: '${effort}' for 'reasoning_effort'.`, "reasoning_effort");
  if (model.thinking.kind === "budget") return { ...explicit, thinkingBudget: budget };
  if (model.thinking.kind === "none") return explicit;
  const level = effort === "none" ? (model.thinking.levels[0] ?? "LOW") : effort.toUpperCase();
  return { ...explicit, thinkingLevel: level };
}

/** Google's extension: extra_body.google.thinking_config, in either spelling of its fields. */
function googleThinking(fields: Fields): ThinkingConfig | undefined {
  const outer = optionalObject(fields, "extra_body") ?? fields;
  const google = optionalObject(outer, "google");
  const config = google === undefined ? undefined : optionalObject(google, "thinking_config");
  if (config === undefined) return undefined;
  return present({
    includeThoughts: optionalFlag(config, "include_thoughts") ?? optionalFlag(config, "includeThoughts"),
    thinkingBudget: optionalNumber(config, "thinking_budget") ?? optionalNumber(config, "thinkingBudget"),
    thinkingLevel: (
      optionalText(config, "thinking_level") ?? optionalText(config, "thinkingLevel")
    )?.toUpperCase(),
  });
}

/** The object without its undefined values. */
function present<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  // Dropping undefined values of optional keys gives the exact type.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
