import type { AnswerContext } from "#core/dialects/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { ChatRequest, OutputFormat, Tool, ToolChoice } from "#core/llm/request.ts";

/**
 * What of a request its answer repeats, as OpenAI's do: clients read from it what form the text has. Instructions are
 * not repeated: they are content, which goes nowhere but to the model. Nothing is cut off. What was not asked for has
 * OpenAI's default: the Open Responses specification wants a number. A request that is not known repeats what is usual.
 */
export function echoedFields({ request, isStored = false }: AnswerContext): JsonObject {
  const kept = ownFields(request);
  return {
    instructions: null,
    frequency_penalty: 0,
    max_output_tokens: request?.parameters.maxOutputTokens ?? null,
    max_tool_calls: null,
    metadata: request?.metadata ?? {},
    parallel_tool_calls: request?.parallelToolCalls ?? true,
    previous_response_id: request?.thread?.previousId ?? null,
    presence_penalty: 0,
    prompt_cache_key: kept["prompt_cache_key"] ?? null,
    reasoning: {
      effort: request?.thinking.level ?? null,
      summary: request?.thinking.include === true ? "auto" : null,
    },
    safety_identifier: kept["safety_identifier"] ?? null,
    store: isStored,
    temperature: request?.parameters.temperature ?? 1,
    text: { format: formatOf(request?.output ?? { type: "text" }), ...verbosity(kept["text"]) },
    tool_choice: choiceOf(request?.toolChoice ?? { type: "default" }),
    tools: request?.tools.map(toolOf) ?? [],
    top_logprobs: 0,
    top_p: request?.parameters.topP ?? 1,
    truncation: "disabled",
    user: request?.user ?? null,
  };
}

function ownFields(request: ChatRequest | undefined): JsonObject {
  return request?.extra?.dialect === "openai-responses" ? request.extra.fields : {};
}

function verbosity(text: Json | undefined): JsonObject {
  const asked = isJsonObject(text) ? text["verbosity"] : undefined;
  return asked === undefined ? {} : { verbosity: asked };
}

function formatOf(output: OutputFormat): JsonObject {
  switch (output.type) {
    case "text":
      return { type: "text" };
    case "json":
      return { type: "json_object" };
    case "json-schema": {
      const { name, description, strict, schema } = output;
      return { type: "json_schema", ...present({ name, description, strict }), schema };
    }
  }
}

function toolOf(tool: Tool): JsonObject {
  // This dialect reads functions only.
  if (tool.type === "built-in") return { type: tool.name };
  const { name, description, parameters, strict } = tool;
  return {
    type: "function",
    name,
    description: description ?? null,
    parameters: parameters ?? null,
    strict: strict ?? null,
  };
}

function choiceOf(choice: ToolChoice): Json {
  switch (choice.type) {
    case "default":
      return "auto";
    case "auto":
    case "none":
      return choice.type;
    case "required": {
      const [first, second] = choice.names ?? [];
      if (first === undefined) return "required";
      return second === undefined
        ? { type: "function", name: first }
        : allowed("required", choice.names ?? []);
    }
    case "validated":
      return choice.names ? allowed("auto", choice.names) : "auto";
  }
}

function allowed(mode: "auto" | "required", names: readonly string[]): JsonObject {
  return { type: "allowed_tools", mode, tools: names.map((name) => ({ type: "function", name })) };
}
