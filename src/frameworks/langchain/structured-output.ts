import type {
  BaseLanguageModelInput,
  StructuredOutputMethodOptions,
} from "@langchain/core/language_models/base";
import type { BaseMessage } from "@langchain/core/messages";
import {
  assembleStructuredOutputPipeline,
  createContentParser,
  createFunctionCallingParser,
} from "@langchain/core/language_models/structured_output";
import type { Runnable } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { RoutedCallOptions } from "./call-options.ts";

/** A zod schema, a Standard Schema or a JSON schema, as LangChain takes them. */
export type OutputSchema<Output extends object> = Parameters<typeof createContentParser<Output>>[0];

/** A model with options bound. */
export type Bind = (options: Partial<RoutedCallOptions>) => Runnable<BaseLanguageModelInput, BaseMessage>;

const defaultName = "extract";

/**
 * A model whose answer is parsed into the schema's type. `jsonSchema` (the default) has the provider keep to the
 * schema, `functionCalling` forces a tool call, `jsonMode` only asks for JSON.
 *
 * LangChain's inherited version does not force the tool, and refuses whole messages ("Input is not an AIMessageChunk").
 * @throws TypeError on another method
 */
export function structuredOutput<Output extends object>(
  bind: Bind,
  schema: OutputSchema<Output>,
  options: StructuredOutputMethodOptions<boolean> = {},
) {
  const { method = "jsonSchema", includeRaw } = options;
  const json = jsonSchemaOf(schema);
  const name = options.name ?? textField(json, "title") ?? defaultName;
  switch (method) {
    case "jsonSchema":
      return assembleStructuredOutputPipeline(
        bind({
          response_format: jsonSchemaFormat(json, name, options.strict),
          ...traced("json_schema", json),
        }),
        createContentParser(schema),
        includeRaw,
      );
    case "jsonMode":
      return assembleStructuredOutputPipeline(
        bind({ response_format: { type: "json_object" }, ...traced("json_mode", json) }),
        createContentParser(schema),
        includeRaw,
      );
    case "functionCalling":
      return assembleStructuredOutputPipeline(
        bind({ ...forcedTool(json, name, options.strict), ...traced("function_calling", json) }),
        createFunctionCallingParser(schema, name),
        includeRaw,
      );
    default:
      throw new TypeError(
        `Cannot make structured output by "${method}": jsonSchema, functionCalling or jsonMode is wanted`,
      );
  }
}

/** What LangSmith and other tracers show. */
function traced(method: string, schema: JsonObject): Partial<RoutedCallOptions> {
  return { ls_structured_output_format: { kwargs: { method }, schema } };
}

function jsonSchemaFormat(schema: JsonObject, name: string, strict: boolean | undefined): JsonObject {
  const description = textField(schema, "description");
  return {
    type: "json_schema",
    json_schema: {
      name,
      schema,
      ...(description !== undefined && { description }),
      ...(strict !== undefined && { strict }),
    },
  };
}

function forcedTool(
  schema: JsonObject,
  name: string,
  strict: boolean | undefined,
): Partial<RoutedCallOptions> {
  const description = textField(schema, "description");
  const declared = {
    name,
    parameters: schema,
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
  return { tools: [{ type: "function", function: declared }], tool_choice: name };
}

function jsonSchemaOf(schema: Parameters<typeof toJsonSchema>[0]): JsonObject {
  const json: unknown = toJsonSchema(schema);
  if (!isJsonObject(json)) throw new TypeError("Cannot make structured output: an object's schema is wanted");
  return json;
}

function textField(schema: JsonObject, key: string): string | undefined {
  const value = schema[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
