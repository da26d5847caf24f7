import { z } from "zod";
import { answerSettings } from "./answer-settings.ts";
import { described, oneOf } from "./described.ts";

/** JSON Schema, or arguments of a tool: an object of any shape. */
const anyObject = z.record(z.string(), z.unknown());

const textBlock = z
  .looseObject({
    type: described(z.literal("text"), "The kind of block.", "text"),
    text: described(z.string(), "The text.", "What is in this picture?"),
  })
  .meta({ id: "AnthropicText", description: "Words." });

const source = z.looseObject({
  type: described(
    z.enum(["base64", "url", "text"]),
    "How it is given: bytes, an address, or (documents) as text.",
    "base64",
  ),
  media_type: described(z.string().optional(), "IANA media type of the bytes.", "image/png"),
  data: described(z.string().optional(), "The bytes as base64, or the text.", "iVBORw0KGgo="),
  url: described(z.string().optional(), "The address.", "https://example.org/plan.pdf"),
});

const toolUseBlock = z
  .looseObject({
    type: described(z.literal("tool_use"), "The kind of block.", "tool_use"),
    id: described(z.string(), "Id of the call; its result answers to it.", "toolu_1"),
    name: described(z.string(), "Name of the tool.", "weather"),
    input: described(anyObject, "Its arguments.", { city: "Oslo" }),
  })
  .meta({ id: "AnthropicToolUse", description: "A call that the model asks for." });

const thinkingBlock = z
  .looseObject({
    type: described(z.literal("thinking"), "The kind of block.", "thinking"),
    thinking: described(z.string(), "The thought; may be empty.", "The user wants the weather."),
    signature: described(
      z.string(),
      "Proof of the thought, or of the call behind it. Send it back as it came.",
      "signalbox.tool-call.Q2g0",
    ),
  })
  .meta({ id: "AnthropicThinking", description: "What the model thought." });

const requestBlock = z.union([
  textBlock,
  z
    .looseObject({
      type: described(z.enum(["image", "document"]), "The kind of block.", "image"),
      source: described(source, "Where the file is."),
    })
    .meta({ title: "File", description: "A picture, or a document: PDF or text." }),
  thinkingBlock,
  toolUseBlock,
  z
    .looseObject({
      type: described(z.literal("tool_result"), "The kind of block.", "tool_result"),
      tool_use_id: described(z.string(), "Which call this answers.", "toolu_1"),
      content: described(
        z.union([z.string(), z.array(z.looseObject({}))]).optional(),
        "The result: text, or blocks of text, images and documents.",
        "7 degrees",
      ),
      is_error: described(z.boolean().optional(), "Whether the tool failed.", false),
    })
    .meta({ title: "Tool result", description: "What a tool answered." }),
]);

const message = z
  .looseObject({
    role: described(z.enum(["user", "assistant"]), "Who speaks.", "user"),
    content: described(
      z.union([z.string(), z.array(requestBlock)]),
      "What is said: text, or blocks.",
      "Say hello in five words.",
    ),
  })
  .meta({ id: "AnthropicMessageParam", description: "One turn." });

const tool = z
  .looseObject({
    name: described(z.string(), "Name of the tool.", "weather"),
    description: described(z.string().optional(), "When and how to use it.", "Current weather of a city"),
    input_schema: described(anyObject, "JSON Schema of its arguments.", {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    }),
  })
  .meta({ id: "AnthropicTool", description: "Something the model may call." });

/** What both calls take. */
function promptFields(models: readonly string[]) {
  return {
    model: oneOf(models, "A route, or a model or deployment by its own name."),
    messages: described(z.array(message).min(1), "The conversation, oldest turn first.", [
      { role: "user", content: "Say hello in five words." },
    ]),
    system: described(
      z.union([z.string(), z.array(textBlock)]).optional(),
      "Instructions to the model.",
      "Be brief.",
    ),
    tools: described(z.array(tool).optional(), "What the model may call."),
    tool_choice: described(
      z
        .looseObject({
          type: described(
            z.enum(["auto", "any", "tool", "none"]),
            "Free, some call, the named one, none.",
            "auto",
          ),
          name: described(z.string().optional(), "For `tool`: its name.", "weather"),
          disable_parallel_tool_use: described(
            z.boolean().optional(),
            "Whether at most one call may come in a turn.",
            false,
          ),
        })
        .optional(),
      "Whether and what it must call.",
    ),
    thinking: described(
      z
        .looseObject({
          type: described(
            z.enum(["enabled", "disabled", "adaptive"]),
            "Up to a budget, not at all, as the model likes.",
            "adaptive",
          ),
          budget_tokens: described(z.int().min(1).optional(), "For `enabled`: tokens at most.", 2_048),
        })
        .optional(),
      "Whether the model thinks first, and shows it.",
    ),
  };
}

/** The body of `POST /v1/messages`. */
export function messageRequest(models: readonly string[]): z.ZodObject {
  return z
    .looseObject({
      ...promptFields(models),
      max_tokens: described(z.int().min(1), "Tokens of the answer at most, thinking included.", 1_024),
      stream: answerSettings.stream,
      temperature: answerSettings.temperature,
      top_p: answerSettings.topP,
      top_k: answerSettings.topK,
      stop_sequences: described(z.array(z.string()).optional(), "Texts at which the answer ends.", ["END"]),
      output_config: described(
        z
          .looseObject({
            format: described(
              z
                .looseObject({
                  type: described(z.literal("json_schema"), "The kind of format.", "json_schema"),
                  schema: described(anyObject, "The JSON Schema.", {
                    type: "object",
                    properties: { name: { type: "string" } },
                    required: ["name"],
                    additionalProperties: false,
                  }),
                })
                .optional(),
              "What the answer must look like.",
            ),
            effort: described(
              z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
              "How hard the model thinks.",
              "low",
            ),
          })
          .optional(),
        "The form of the answer.",
      ),
      metadata: described(
        z
          .looseObject({
            user_id: described(z.string().optional(), "Your id of the end user.", "user-42"),
          })
          .optional(),
        "Whom the request is for.",
      ),
      service_tier: described(z.string().optional(), "Quality of service asked of the provider.", "auto"),
    })
    .meta({ id: "AnthropicMessageRequest", description: "A chat request of the Anthropic dialect." });
}

/** The body of `POST /v1/messages/count_tokens`. */
export function countRequest(models: readonly string[]): z.ZodObject {
  return z
    .looseObject(promptFields(models))
    .meta({ id: "AnthropicCountRequest", description: "A request whose tokens are counted." });
}

const usage = z
  .looseObject({
    input_tokens: described(z.int(), "Tokens read, without those from the cache.", 12),
    cache_read_input_tokens: described(z.int(), "Tokens read from the provider's cache.", 0),
    cache_creation_input_tokens: described(z.int(), "Always 0: providers cache by themselves.", 0),
    output_tokens: described(z.int(), "Tokens generated, thinking included.", 30),
  })
  .meta({ id: "AnthropicUsage", description: "Tokens of the call." });

const stopReason = z.enum(["end_turn", "max_tokens", "tool_use", "refusal"]);

/** The answer of `POST /v1/messages`. */
export const anthropicMessage = z
  .looseObject({
    id: described(z.string(), "Id of the answer: the request's id.", "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"),
    type: described(z.literal("message"), "The kind of object.", "message"),
    role: described(z.literal("assistant"), "Who speaks.", "assistant"),
    model: described(z.string(), "The model that answered.", "gemini-3.8-flash"),
    content: described(z.array(z.union([textBlock, thinkingBlock, toolUseBlock])), "The answer."),
    stop_reason: described(
      stopReason.nullable(),
      "Why it ended; null in the first event of a stream.",
      "end_turn",
    ),
    stop_sequence: described(z.string().nullable(), "Always null: providers do not tell which it was.", null),
    usage: described(usage, "Tokens of the call."),
  })
  .meta({ id: "AnthropicMessage", description: "A chat answer of the Anthropic dialect." });

/** One event of a stream. */
export const anthropicEvent = z
  .looseObject({
    type: described(
      z.enum([
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
        "error",
      ]),
      "The kind of event; the same as its name.",
      "content_block_delta",
    ),
    index: described(z.int().optional(), "Which block it is about, from 0.", 0),
    delta: described(z.looseObject({}).optional(), "What is new: text, thinking, arguments, or the end."),
    message: described(anthropicMessage.optional(), "The answer at its beginning."),
    content_block: described(z.looseObject({}).optional(), "A block at its beginning."),
    usage: described(usage.optional(), "Tokens of the call, at the end."),
  })
  .meta({ id: "AnthropicEvent", description: "One event of a stream: `event: <type>`, then its `data:`." });

/** The answer of `POST /v1/messages/count_tokens`. */
export const anthropicCount = z
  .looseObject({ input_tokens: described(z.int(), "Tokens that the request has.", 12) })
  .meta({ id: "AnthropicTokenCount", description: "A count of tokens." });

/** An error. */
export const anthropicError = z
  .looseObject({
    type: described(z.literal("error"), "The kind of object.", "error"),
    error: described(
      z.looseObject({
        type: described(z.string(), "The kind of error.", "not_found_error"),
        message: described(z.string(), "What was wanted and what came.", 'Cannot find model "claude-9"'),
      }),
      "The error.",
    ),
    request_id: described(z.string(), "Id of the request.", "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"),
  })
  .meta({ id: "AnthropicError", description: "An error of the Anthropic dialect." });
