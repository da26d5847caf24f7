import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";

/** What a message of a LangChain model says: a whole answer, or a step of one. */
export interface ModelAnswer {
  readonly text: string;
  readonly thoughts: string;
  /** URLs of pictures, as a rule data URLs. */
  readonly images: readonly string[];
  /** Whole calls; in a stream they are steps. */
  readonly calls: readonly CalledTool[];
  /** In the words of chat completions; absent where the model gave none. */
  readonly finishReason?: string;
  readonly usage?: ModelUsage;
}

/** A tool call, or a step of one. */
export interface CalledTool {
  readonly id?: string;
  readonly name?: string;
  /** JSON text, or a piece of it. */
  readonly args: string;
  /** Which call of the answer a step belongs to, in the model's own counting. */
  readonly index?: string;
  /** What Gemini wants back with it. */
  readonly signature?: string;
}

/** Tokens of an answer; of the chunks of a stream they add up. */
export interface ModelUsage {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly reasoning: number;
}

/** Reads a message or a chunk; undefined for what is neither. */
export function readAnswer(value: unknown): ModelAnswer | undefined {
  if (!isJsonObject(value) || !isFromModel(value)) return undefined;
  const blocks = blocksOf(value["content"]);
  if (!blocks) return undefined;
  // Chunks of some classes have whole calls, and an empty list of steps beside them.
  const steps = stepsOf(value);
  const calls = steps.length > 0 ? steps : wholeCalls(value);
  const finishReason = finishReasonOf(value);
  const usage = usageOf(value["usage_metadata"]);
  const kwargs = objectOf(value["additional_kwargs"]);
  const thoughts = blocks.map(thoughtsOf).join("") || textOf(kwargs["reasoning_content"]);
  return {
    text: blocks.map((block) => (block["type"] === "text" ? textOf(block["text"]) : "")).join(""),
    thoughts,
    images: blocks.flatMap(imageOf),
    calls,
    ...(finishReason !== undefined && { finishReason }),
    ...(usage && { usage }),
  };
}

/** LangChain's messages say by `type`, or by the older `getType()`, whose they are. */
function isFromModel(message: JsonObject): boolean {
  const getType: unknown = Reflect.get(message, "getType");
  return message["type"] === "ai" || (typeof getType === "function" && getType.call(message) === "ai");
}

function blocksOf(content: Json | undefined): readonly JsonObject[] | undefined {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return isList(content) ? content.filter(isJsonObject) : undefined;
}

/** Thoughts by the names that LangChain's integrations have for them. */
function thoughtsOf(block: JsonObject): string {
  switch (block["type"]) {
    case "reasoning":
      return textOf(block["reasoning"]);
    case "thinking":
      return textOf(block["thinking"]);
    case "reasoning_content":
      return textOf(objectOf(block["reasoningText"])["text"]);
    default:
      return "";
  }
}

function imageOf(block: JsonObject): readonly string[] {
  if (block["type"] === "image_url") {
    const image = block["image_url"];
    const url = isJsonObject(image) ? image["url"] : image;
    return typeof url === "string" ? [url] : [];
  }
  if (block["type"] !== "image") return [];
  const { url, data, mimeType, mime_type: olderMimeType } = block;
  if (typeof url === "string") return [url];
  const type = mimeType ?? olderMimeType;
  return typeof data === "string" && typeof type === "string" ? [`data:${type};base64,${data}`] : [];
}

function stepsOf({ tool_call_chunks: steps }: JsonObject): readonly CalledTool[] {
  if (!isList(steps)) return [];
  return steps.filter(isJsonObject).map(({ id, name, args, index }) => ({
    ...(typeof id === "string" && { id }),
    ...(typeof name === "string" && { name }),
    args: textOf(args),
    ...((typeof index === "number" || typeof index === "string") && { index: String(index) }),
  }));
}

/** Calls whose arguments the model's own reader could not parse are calls as well: what they mean is the client's matter. */
function wholeCalls({ tool_calls: calls, invalid_tool_calls: invalid }: JsonObject): readonly CalledTool[] {
  return [...(isList(calls) ? calls : []), ...(isList(invalid) ? invalid : [])]
    .filter(isJsonObject)
    .map(({ id, name, args, thoughtSignature: signature }) => ({
      ...(typeof id === "string" && { id }),
      ...(typeof name === "string" && { name }),
      args: typeof args === "string" ? args : JSON.stringify(args ?? {}),
      ...(typeof signature === "string" && { signature }),
    }));
}

function usageOf(usage: Json | undefined): ModelUsage | undefined {
  if (!isJsonObject(usage) || typeof usage["input_tokens"] !== "number") return undefined;
  return {
    input: usage["input_tokens"],
    output: numberOf(usage["output_tokens"]),
    cached: numberOf(objectOf(usage["input_token_details"])["cache_read"]),
    reasoning: numberOf(objectOf(usage["output_token_details"])["reasoning"]),
  };
}

/** Where LangChain's integrations put the reason why an answer ended. */
const reasonFields = ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"] as const;

function finishReasonOf(message: JsonObject): string | undefined {
  const metadata = objectOf(message["response_metadata"]);
  const places = [metadata, objectOf(metadata["messageStop"]), objectOf(message["additional_kwargs"])];
  for (const place of places) {
    const reason = reasonFields.map((field) => place[field]).find(isText);
    if (reason !== undefined) return wireReasons[reason.toLowerCase()] ?? reason;
  }
  return undefined;
}

/** The makers' words, in lower case, in those of chat completions. Others pass as they are. */
const wireReasons: Readonly<Record<string, string | undefined>> = {
  stop: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  length: "length",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_calls: "tool_calls",
  tool_use: "tool_calls",
  safety: "content_filter",
  recitation: "content_filter",
  prohibited_content: "content_filter",
  refusal: "content_filter",
  content_filter: "content_filter",
  guardrail_intervened: "content_filter",
};

function isText(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "";
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
