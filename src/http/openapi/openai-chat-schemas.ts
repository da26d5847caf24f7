import { z } from "zod";
import { answerSettings } from "./answer-settings.ts";
import { described, oneOf } from "./described.ts";

/** JSON Schema, or arguments of a function: an object of any shape. */
const anyObject = z.record(z.string(), z.unknown());

const contentPart = z.union([
  z
    .looseObject({
      type: described(z.literal("text"), "The kind of part.", "text"),
      text: described(z.string(), "The text.", "What is in this picture?"),
    })
    .meta({ title: "Text part", description: "Text." }),
  z
    .looseObject({
      type: described(z.literal("image_url"), "The kind of part.", "image_url"),
      image_url: described(
        z.looseObject({
          url: described(
            z.string(),
            "`https://` address, or `data:` URL with base64.",
            "data:image/png;base64,iVBORw0KGgo=",
          ),
          detail: described(z.enum(["auto", "low", "high"]).optional(), "How closely to look.", "auto"),
        }),
        "Where the picture is.",
      ),
    })
    .meta({ title: "Image part", description: "A picture." }),
]);

const toolCall = z
  .looseObject({
    id: described(z.string(), "Id of the call; the tool's message answers to it.", "call_1"),
    type: described(z.literal("function"), "The kind of tool.", "function"),
    function: described(
      z.looseObject({
        name: described(z.string(), "Name of the function.", "weather"),
        arguments: described(z.string(), "Its arguments as JSON text.", '{"city":"Oslo"}'),
      }),
      "What to call.",
    ),
  })
  .meta({ id: "ChatToolCall", description: "A call the model asks for." });

const message = z
  .looseObject({
    role: described(z.enum(["system", "developer", "user", "assistant", "tool"]), "Who speaks.", "user"),
    content: described(
      z.union([z.string(), z.array(contentPart), z.null()]).optional(),
      "What is said: text, or parts. May be absent beside tool calls.",
      "Say hello in five words.",
    ),
    name: described(z.string().optional(), "Name of the speaker.", "anna"),
    tool_calls: described(z.array(toolCall).optional(), "Calls of an earlier assistant turn."),
    tool_call_id: described(z.string().optional(), "For role `tool`: which call this answers.", "call_1"),
  })
  .meta({ id: "ChatMessage", description: "One turn." });

const tool = z
  .looseObject({
    type: described(z.literal("function"), "The kind of tool.", "function"),
    function: described(
      z.looseObject({
        name: described(z.string(), "Name of the function, at most 64 characters.", "weather"),
        description: described(z.string().optional(), "When and how to use it.", "Current weather of a city"),
        parameters: described(anyObject.optional(), "JSON Schema of its arguments.", {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
        }),
        strict: described(z.boolean().optional(), "Whether arguments must match the schema exactly.", true),
      }),
      "The function.",
    ),
  })
  .meta({ id: "ChatTool", description: "Something the model may call." });

const responseFormat = z.union([
  z
    .looseObject({ type: described(z.literal("text"), "Free text.", "text") })
    .meta({ title: "Text", description: "Free text." }),
  z
    .looseObject({ type: described(z.literal("json_object"), "Any JSON object.", "json_object") })
    .meta({ title: "JSON", description: "Any JSON object." }),
  z
    .looseObject({
      type: described(z.literal("json_schema"), "JSON that satisfies a schema.", "json_schema"),
      json_schema: described(
        z.looseObject({
          name: described(z.string(), "Name of the schema.", "person"),
          description: described(z.string().optional(), "What it is for.", "A person of the story"),
          strict: described(z.boolean().optional(), "Whether the answer must match exactly.", true),
          schema: described(anyObject.optional(), "The JSON Schema.", {
            type: "object",
            properties: { name: { type: "string" } },
            required: ["name"],
            additionalProperties: false,
          }),
        }),
        "The schema.",
      ),
    })
    .meta({ title: "JSON schema", description: "JSON that satisfies a schema." }),
]);

const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.looseObject({
    type: described(z.literal("function"), "The kind of tool.", "function"),
    function: described(
      z.looseObject({ name: described(z.string(), "Its name.", "weather") }),
      "The one function that must be called.",
    ),
  }),
]);

/** The body of `POST /v1/chat/completions`. Fields that are not named here are passed to a provider of this dialect. */
export function chatCompletionRequest(models: readonly string[]): z.ZodObject {
  return z
    .looseObject({
      model: oneOf(models, "A route, or a model or deployment by its own name."),
      messages: described(z.array(message).min(1), "The conversation, oldest turn first.", [
        { role: "user", content: "Say hello in five words." },
      ]),
      stream: answerSettings.stream,
      stream_options: described(
        z
          .looseObject({
            include_usage: described(z.boolean().optional(), "Whether a last chunk tells the usage.", true),
          })
          .optional(),
        "For streams.",
      ),
      temperature: answerSettings.temperature,
      top_p: answerSettings.topP,
      max_completion_tokens: answerSettings.outputTokensMax,
      max_tokens: described(z.int().min(1).optional(), "Older name of `max_completion_tokens`, tokens.", 256),
      stop: described(
        z.union([z.string(), z.array(z.string())]).optional(),
        "Text at which generation ends; up to 4 of them.",
        ["END"],
      ),
      seed: answerSettings.seed,
      presence_penalty: answerSettings.presencePenalty,
      frequency_penalty: answerSettings.frequencyPenalty,
      n: answerSettings.candidateCount,
      tools: described(z.array(tool).optional(), "What the model may call."),
      tool_choice: described(toolChoice.optional(), "Whether and what it must call.", "auto"),
      parallel_tool_calls: described(
        z.boolean().optional(),
        "Whether several calls may come in one turn.",
        true,
      ),
      response_format: described(responseFormat.optional(), "What the answer must look like.", {
        type: "text",
      }),
      reasoning_effort: described(
        z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).optional(),
        "How hard the model thinks first.",
        "low",
      ),
      logprobs: described(z.boolean().optional(), "Whether to tell the log probabilities of tokens.", false),
      top_logprobs: described(
        z.int().min(0).max(20).optional(),
        "How many alternatives to tell at each token, 0 to 20.",
        2,
      ),
      user: described(z.string().optional(), "Your id of the end user.", "user-42"),
      prompt_variables: described(
        anyObject.optional(),
        "Values for the prompt of the variant that serves the request. Missing ones, and those that no variant of the route uses, are refused.",
        { product: "Halma" },
      ),
      metadata: described(z.record(z.string(), z.string()).optional(), "Free labels.", { team: "search" }),
      service_tier: described(z.string().optional(), "Quality of service asked of the provider.", "auto"),
    })
    .meta({ id: "ChatCompletionRequest", description: "A chat request of the OpenAI dialect." });
}

const usage = z
  .looseObject({
    prompt_tokens: described(z.int(), "Tokens read, cached ones included.", 12),
    completion_tokens: described(z.int(), "Tokens generated, thinking included.", 30),
    total_tokens: described(z.int(), "All tokens.", 42),
    prompt_tokens_details: described(
      z
        .looseObject({
          cached_tokens: described(z.int().optional(), "Tokens read from the provider's cache.", 0),
        })
        .optional(),
      "Parts of `prompt_tokens`.",
    ),
    completion_tokens_details: described(
      z.looseObject({ reasoning_tokens: described(z.int().optional(), "Tokens thought.", 8) }).optional(),
      "Parts of `completion_tokens`.",
    ),
  })
  .meta({ id: "ChatUsage", description: "Tokens of the call." });

const finishReason = z.enum(["stop", "length", "tool_calls", "content_filter"]);

/** The answer of `POST /v1/chat/completions`. */
export const chatCompletion = z
  .looseObject({
    id: described(z.string(), "Id of the answer.", "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"),
    object: described(z.literal("chat.completion"), "The kind of object.", "chat.completion"),
    created: described(z.int(), "When it was made, seconds since 1970.", 1_764_000_000),
    model: described(z.string(), "The model that answered.", "gemini-3.8-flash"),
    choices: described(
      z.array(
        z.looseObject({
          index: described(z.int(), "Which alternative, from 0.", 0),
          message: described(
            z.looseObject({
              role: described(z.literal("assistant"), "Who speaks.", "assistant"),
              content: described(
                z.string().nullable(),
                "The text; null beside tool calls.",
                "Hello to you, dear reader!",
              ),
              tool_calls: described(z.array(toolCall).optional(), "Calls the model asks for."),
              refusal: described(
                z.string().nullable().optional(),
                "Why it does not answer.",
                "I cannot help with that.",
              ),
            }),
            "The answer.",
          ),
          logprobs: described(
            z.looseObject({}).nullable().optional(),
            "Log probabilities of its tokens, where they were asked for.",
          ),
          finish_reason: described(finishReason, "Why it ended.", "stop"),
        }),
      ),
      "The alternatives.",
    ),
    usage: described(usage, "Tokens of the call."),
  })
  .meta({ id: "ChatCompletion", description: "A chat answer of the OpenAI dialect." });

/** One event of a stream. */
export const chatCompletionChunk = z
  .looseObject({
    id: described(
      z.string(),
      "Id of the answer, the same in each chunk.",
      "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b",
    ),
    object: described(z.literal("chat.completion.chunk"), "The kind of object.", "chat.completion.chunk"),
    created: described(z.int(), "When it was made, seconds since 1970.", 1_764_000_000),
    model: described(z.string(), "The model that answers.", "gemini-3.8-flash"),
    choices: described(
      z.array(
        z.looseObject({
          index: described(z.int(), "Which alternative, from 0.", 0),
          delta: described(
            z.looseObject({
              role: described(
                z.literal("assistant").optional(),
                "Who speaks; in the first chunk.",
                "assistant",
              ),
              content: described(z.string().nullable().optional(), "The next piece of text.", "Hello"),
              tool_calls: described(
                z.array(z.looseObject({})).optional(),
                "Pieces of tool calls, by their index.",
              ),
            }),
            "What is new.",
          ),
          finish_reason: described(finishReason.nullable(), "Why it ended; null until the last chunk.", null),
        }),
      ),
      "What is new of each alternative; empty in the usage chunk.",
    ),
    usage: described(usage.nullable().optional(), "Tokens of the call, in the last chunk when asked for."),
  })
  .meta({
    id: "ChatCompletionChunk",
    description:
      'One `data:` event of a stream. The last event is `data: [DONE]`; an error after the first is `data: {"error": ...}`.',
  });
