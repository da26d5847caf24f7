import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { ModelSettings } from "./chat-model.ts";
import { RefusedRequest } from "./refused-request.ts";
import { modelMessages } from "./model-messages.ts";

/** A chat request as a LangChain model is asked it. */
export interface ModelRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly JsonObject[];
  /** What the model is constructed with beside its options: sampling is no matter of one call in LangChain. */
  readonly settings: ModelSettings;
  readonly stop?: readonly string[];
  readonly tools?: ModelTools;
  /** The form of the answer; never together with tools. */
  readonly form?: AnswerForm;
}

/** Tools, and how they are bound. */
interface ModelTools {
  readonly declared: readonly JsonObject[];
  readonly options: JsonObject;
}

/** What `withStructuredOutput` takes. */
export interface AnswerForm {
  readonly schema: JsonObject;
  readonly options: JsonObject;
}

/** Fields that are carried. */
const carried = new Set([
  "model",
  "stream",
  "messages",
  "temperature",
  "top_p",
  "top_k",
  "max_tokens",
  "max_completion_tokens",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "reasoning_effort",
  "stop",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "n",
]);

/** Fields that change nothing of an answer's content: who asks, what is kept, how it is paid. */
const aside = new Set([
  "stream_options",
  "user",
  "safety_identifier",
  "metadata",
  "store",
  "service_tier",
  "prompt_cache_key",
  "prompt_cache_retention",
]);

/** Reads the body of a chat completion. @throws RefusedRequest what LangChain models have no common word for */
export function readRequest(body: Json): ModelRequest {
  if (!isJsonObject(body)) throw new RefusedRequest("Cannot read the request: an object is wanted");
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === undefined || carried.has(name) || aside.has(name)) continue;
    throw new RefusedRequest(`Cannot ask a LangChain model with "${name}": LangChain has no such option`);
  }
  const { model, n } = body;
  if (typeof model !== "string") throw new RefusedRequest("Cannot read the request: a model is wanted");
  if (n !== undefined && n !== null && n !== 1)
    throw new RefusedRequest("Cannot ask a LangChain model for several answers: n must be 1");
  const tools = toolsOf(body);
  const form = formOf(body["response_format"]);
  if (tools && form)
    throw new RefusedRequest("Cannot ask a LangChain model with tools and a response_format: one is wanted");
  const stop = stopOf(body["stop"]);
  return {
    model,
    stream: body["stream"] === true,
    messages: modelMessages(body["messages"]),
    settings: settingsOf(body),
    ...(stop && { stop }),
    ...(tools && { tools }),
    ...(form && { form }),
  };
}

/** Under every name that LangChain's models have for each: a class passes over those of others. */
function settingsOf(body: JsonObject): ModelSettings {
  const tokens = body["max_completion_tokens"] ?? body["max_tokens"];
  const settings = {
    temperature: body["temperature"],
    topP: body["top_p"],
    topK: body["top_k"],
    maxTokens: tokens,
    maxOutputTokens: tokens,
    seed: body["seed"],
    frequencyPenalty: body["frequency_penalty"],
    presencePenalty: body["presence_penalty"],
    reasoningEffort: body["reasoning_effort"],
  };
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined && value !== null),
  );
}

function stopOf(stop: Json | undefined): readonly string[] | undefined {
  if (typeof stop === "string") return [stop];
  const texts = isList(stop) ? stop.filter((text) => typeof text === "string") : [];
  return texts.length > 0 ? texts : undefined;
}

function toolsOf(body: JsonObject): ModelTools | undefined {
  const { tools, parallel_tool_calls: parallel } = body;
  if (!isList(tools) || tools.length === 0) return undefined;
  const declared = tools.map((tool) => {
    if (isJsonObject(tool) && tool["type"] === "function") return tool;
    throw new RefusedRequest("Cannot bind a tool to a LangChain model: one of type function is wanted");
  });
  const choice = choiceOf(body["tool_choice"]);
  return {
    declared,
    options: {
      ...(choice !== undefined && { tool_choice: choice }),
      ...(typeof parallel === "boolean" && { parallel_tool_calls: parallel }),
    },
  };
}

/** LangChain's words: `auto`, `none`, `any`, or the name of a tool. */
function choiceOf(choice: Json | undefined): string | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === "required") return "any";
  if (choice === "auto" || choice === "none") return choice;
  const called = isJsonObject(choice) ? choice["function"] : undefined;
  const name = isJsonObject(called) ? called["name"] : undefined;
  if (typeof name === "string") return name;
  throw new RefusedRequest("Cannot read tool_choice: auto, none, required or a function is wanted");
}

function formOf(format: Json | undefined): AnswerForm | undefined {
  if (!isJsonObject(format) || format["type"] === "text") return undefined;
  if (format["type"] === "json_object") {
    const schema = { title: "answer", type: "object", properties: {} };
    return { schema, options: { name: "answer", method: "jsonMode", includeRaw: true } };
  }
  const named = format["json_schema"];
  const schema = isJsonObject(named) ? named["schema"] : undefined;
  if (!isJsonObject(named) || !isJsonObject(schema))
    throw new RefusedRequest("Cannot read response_format: json_object or a json_schema is wanted");
  const name = typeof named["name"] === "string" ? named["name"] : "answer";
  const { strict } = named;
  const options = { name, includeRaw: true, ...(typeof strict === "boolean" && { strict }) };
  return { schema: { title: name, ...schema }, options };
}
