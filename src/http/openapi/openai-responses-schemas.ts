import { z } from "zod";
import { answerSettings } from "./answer-settings.ts";
import { described, oneOf } from "./described.ts";

/** JSON Schema: an object of any shape. */
const anyObject = z.record(z.string(), z.unknown());

const contentPart = z.union([
  z
    .looseObject({
      type: described(z.enum(["input_text", "output_text"]), "The kind of part: whose words.", "input_text"),
      text: described(z.string(), "The text.", "What is in this picture?"),
    })
    .meta({ title: "Text part", description: "Text." }),
  z
    .looseObject({
      type: described(z.literal("input_image"), "The kind of part.", "input_image"),
      image_url: described(
        z.string(),
        "`https://` address, or `data:` URL with base64.",
        "data:image/png;base64,iVBORw0KGgo=",
      ),
      detail: described(z.enum(["auto", "low", "high"]).optional(), "How closely to look.", "auto"),
    })
    .meta({ title: "Image part", description: "A picture." }),
  z
    .looseObject({
      type: described(z.literal("input_file"), "The kind of part.", "input_file"),
      filename: described(z.string().optional(), "Name of the file.", "plan.pdf"),
      file_data: described(
        z.string().optional(),
        "`data:` URL with base64, or base64 alone; else `file_url`.",
        "data:application/pdf;base64,JVBERi0=",
      ),
      file_url: described(z.string().optional(), "Its address.", "https://example.org/plan.pdf"),
    })
    .meta({ title: "File part", description: "A document." }),
]);

const message = z
  .looseObject({
    type: described(z.literal("message").optional(), "The kind of item.", "message"),
    role: described(z.enum(["user", "assistant", "system", "developer"]), "Who speaks.", "user"),
    content: described(
      z.union([z.string(), z.array(contentPart)]),
      "What is said: text, or parts.",
      "Say hello in five words.",
    ),
  })
  .meta({ id: "ResponseMessage", description: "Words of a turn." });

const functionCall = z
  .looseObject({
    type: described(z.literal("function_call"), "The kind of item.", "function_call"),
    call_id: described(z.string(), "Id of the call; its output answers to it.", "call_1"),
    name: described(z.string(), "Name of the function.", "weather"),
    arguments: described(z.string(), "Its arguments as JSON text.", '{"city":"Oslo"}'),
  })
  .meta({ id: "ResponseFunctionCall", description: "A call that the model asks for." });

const functionCallOutput = z
  .looseObject({
    type: described(z.literal("function_call_output"), "The kind of item.", "function_call_output"),
    call_id: described(z.string(), "Which call this answers.", "call_1"),
    output: described(z.union([z.string(), z.array(contentPart)]), "What the function gave.", "21 degrees"),
  })
  .meta({ id: "ResponseFunctionCallOutput", description: "What a function gave." });

const reasoning = z
  .looseObject({
    type: described(z.literal("reasoning"), "The kind of item.", "reasoning"),
    summary: described(
      z.array(
        z.looseObject({
          type: described(z.literal("summary_text"), "The kind of part.", "summary_text"),
          text: described(z.string(), "The thought.", "The user wants the weather."),
        }),
      ),
      "What the model thought, where it was asked to tell; may be empty.",
    ),
    encrypted_content: described(
      z.string().optional(),
      "Proof of the thought, or of what stands next to the item. Send the item back as it came.",
      "signalbox.gemini.next-call.Q2g0",
    ),
  })
  .meta({ id: "ResponseReasoning", description: "What the model thought." });

const tool = z
  .looseObject({
    type: described(z.literal("function"), "The kind of tool.", "function"),
    name: described(z.string(), "Name of the function, at most 64 characters.", "weather"),
    description: described(
      z.string().nullable().optional(),
      "When and how to use it.",
      "Current weather of a city",
    ),
    parameters: described(anyObject.nullable().optional(), "JSON Schema of its arguments.", {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    }),
    strict: described(
      z.boolean().nullable().optional(),
      "Whether arguments must match the schema exactly.",
      true,
    ),
  })
  .meta({ id: "ResponseTool", description: "A function that the model may call." });

const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.looseObject({
    type: described(z.literal("function"), "The kind of tool.", "function"),
    name: described(z.string(), "The one function that must be called.", "weather"),
  }),
]);

const text = z.looseObject({
  format: described(
    z
      .looseObject({
        type: described(
          z.enum(["text", "json_object", "json_schema"]),
          "Free text, any JSON object, or JSON that satisfies a schema.",
          "text",
        ),
        name: described(z.string().optional(), "Name of the schema.", "person"),
        strict: described(z.boolean().optional(), "Whether the answer must match exactly.", true),
        schema: described(anyObject.optional(), "The JSON Schema.", {
          type: "object",
          properties: { name: { type: "string" } },
          required: ["name"],
          additionalProperties: false,
        }),
      })
      .optional(),
    "What the answer must look like.",
  ),
});

function read(models: readonly string[]) {
  return {
    model: oneOf(models, "A route, or a model or deployment by its own name."),
    input: described(
      z.union([z.string(), z.array(z.union([message, functionCall, functionCallOutput, reasoning])).min(1)]),
      "A text of the user's, or the items of the conversation, oldest first.",
      "Say hello in five words.",
    ),
    instructions: described(z.string().optional(), "What stands before the conversation.", "Be brief"),
    tools: described(z.array(tool).optional(), "What the model may call."),
    previous_response_id: described(
      z.string().optional(),
      "The id of the answer to go on from: the items of its thread stand before `input`.",
      "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5a",
    ),
  };
}

/** The body of `POST /v1/responses`. */
export function responseRequest(models: readonly string[]): z.ZodObject {
  return z
    .looseObject({
      ...read(models),
      stream: answerSettings.stream,
      tool_choice: described(toolChoice.optional(), "Whether and what the model must call.", "auto"),
      parallel_tool_calls: described(
        z.boolean().optional(),
        "Whether several calls may come in one turn.",
        true,
      ),
      text: described(text.optional(), "What the text of the answer must look like.", {
        format: { type: "text" },
      }),
      reasoning: described(
        z
          .looseObject({
            effort: described(
              z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).optional(),
              "How hard the model thinks first.",
              "low",
            ),
            summary: described(
              z.enum(["auto", "concise", "detailed"]).optional(),
              "Any of these: the thoughts are told.",
              "auto",
            ),
          })
          .optional(),
        "How the model thinks.",
      ),
      temperature: answerSettings.temperature,
      top_p: answerSettings.topP,
      max_output_tokens: answerSettings.outputTokensMax,
      user: described(z.string().optional(), "Your id of the end user.", "user-42"),
      metadata: described(z.record(z.string(), z.string()).optional(), "Free labels.", { team: "search" }),
      service_tier: described(z.string().optional(), "Quality of service asked of the provider.", "auto"),
      store: described(
        z.boolean().optional(),
        "Whether later requests may go on from the answer; the answer says whether they can.",
        true,
      ),
    })
    .meta({ id: "ResponseRequest", description: "A request of OpenAI's Responses API." });
}

/** The body of `POST /v1/responses/input_tokens`. */
export function inputTokensRequest(models: readonly string[]): z.ZodObject {
  return z
    .looseObject(read(models))
    .meta({ id: "InputTokensRequest", description: "A request whose tokens are counted." });
}

/** The answer of `POST /v1/responses/input_tokens`. */
export const inputTokens = z
  .looseObject({
    object: described(z.literal("response.input_tokens"), "The kind of object.", "response.input_tokens"),
    input_tokens: described(z.int(), "Tokens that would be read.", 12),
  })
  .meta({ id: "InputTokens", description: "How many tokens a request reads." });

const usage = z
  .looseObject({
    input_tokens: described(z.int(), "Tokens read, cached ones included.", 12),
    input_tokens_details: described(
      z.looseObject({ cached_tokens: described(z.int(), "Tokens read from the provider's cache.", 0) }),
      "Parts of `input_tokens`.",
    ),
    output_tokens: described(z.int(), "Tokens generated, thinking included.", 30),
    output_tokens_details: described(
      z.looseObject({ reasoning_tokens: described(z.int(), "Tokens thought.", 8) }),
      "Parts of `output_tokens`.",
    ),
    total_tokens: described(z.int(), "All tokens.", 42),
  })
  .meta({ id: "ResponseUsage", description: "Tokens of the call." });

/** The answer of `POST /v1/responses`. */
export const response = z
  .looseObject({
    id: described(z.string(), "Id of the answer.", "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"),
    object: described(z.literal("response"), "The kind of object.", "response"),
    created_at: described(z.int(), "When it was made, seconds since 1970.", 1_764_000_000),
    status: described(
      z.enum(["in_progress", "completed", "incomplete"]),
      "How it stands; of streams alone in progress.",
      "completed",
    ),
    incomplete_details: described(
      z
        .looseObject({
          reason: described(
            z.enum(["max_output_tokens", "content_filter"]),
            "Whether it grew too long, or a filter ended it.",
            "max_output_tokens",
          ),
        })
        .nullable(),
      "Why it is not whole; null where it is.",
    ),
    model: described(z.string(), "The model that answered.", "gemini-3.8-flash"),
    output: described(
      z.array(z.union([message, functionCall, reasoning])),
      "What the model thought, said and called. Send all of it back in the next request, or its id.",
    ),
    usage: described(usage.optional(), "Tokens of the call."),
    previous_response_id: described(
      z.string().nullable(),
      "The answer that it went on from; null where it began.",
      "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5a",
    ),
    store: described(z.boolean(), "Whether later requests can go on from it.", true),
  })
  .meta({ id: "Response", description: "An answer of OpenAI's Responses API." });

/** One event of a stream. */
export const responseEvent = z
  .looseObject({
    type: described(z.string(), "What happened; the event's name as well.", "response.output_text.delta"),
    sequence_number: described(z.int(), "The number of the event, from 0.", 4),
  })
  .meta({
    id: "ResponseEvent",
    description:
      "One event of a stream. The first is `response.created`, the last `response.completed` or `response.incomplete`, which repeats the answer; `error` where it broke off.",
  });
