import type { JsonObject } from "#core/kernel/json.ts";
import type { SchemaNotation, Tool, ToolChoice } from "#core/llm/request.ts";
import type { Encoding } from "./encoding.ts";
import { present, presentItems } from "#core/kernel/present.ts";
import { jsonSchemaOf } from "./schema-notation.ts";
import { approximatedField } from "./warnings.ts";

/** Writes `tools`, `tool_choice` and `parallel_tool_calls`. */
export function encodeTools(
  tools: readonly Tool[],
  choice: ToolChoice,
  parallel: boolean | undefined,
  encoding: Encoding,
): JsonObject {
  const written = presentItems(tools.map((tool, index) => encodeTool(tool, `tools[${index}]`, encoding)));
  if (written.length > 0) {
    return {
      tools: written,
      ...encodeChoice(choice, encoding),
      ...present({ parallel_tool_calls: parallel }),
    };
  }
  // OpenAI refuses both without tools; that is also what they mean then: nothing.
  if (choice.type === "required") encoding.drop("toolChoice", "the request declares no tools");
  if (parallel !== undefined) encoding.drop("parallelToolCalls", "the request declares no tools");
  return {};
}

function encodeTool(tool: Tool, path: string, encoding: Encoding): JsonObject | undefined {
  if (tool.type === "built-in") {
    // A tool of this dialect was read from an object, and is written back as it came.
    if (tool.dialect === "openai-chat") return tool.value as JsonObject;
    encoding.problems.unsupported(
      path,
      `the tool "${tool.name}" is built into "${tool.dialect}" providers only`,
    );
    return undefined;
  }
  const parameters =
    tool.parameters && encodeSchema(tool.parameters, tool.notation, `${path}.parameters`, encoding);
  const written = {
    type: "function",
    function: present({ name: tool.name, description: tool.description, parameters, strict: tool.strict }),
  };
  return encoding.withExtra(written, tool.extra, path);
}

/** A schema as JSON Schema, whatever its notation. */
export function encodeSchema(
  schema: JsonObject,
  notation: SchemaNotation,
  path: string,
  encoding: Encoding,
): JsonObject {
  if (notation === "json-schema") return schema;
  const translated = jsonSchemaOf(schema);
  if (!translated) encoding.problems.invalid(path, "a schema of at most 64 levels", "a deeper one");
  return translated ?? {};
}

function encodeChoice(choice: ToolChoice, encoding: Encoding): JsonObject {
  switch (choice.type) {
    case "default":
      return {};
    case "auto":
    case "none":
      return { tool_choice: choice.type };
    case "required":
      return { tool_choice: requiredChoice(choice.names ?? []) };
    case "validated":
      encoding.warnings.push(
        approximatedField(
          "toolChoice",
          `calls are free ("auto"); "strict" of each tool decides what is validated`,
        ),
      );
      return { tool_choice: choice.names ? allowedTools("auto", choice.names) : "auto" };
  }
}

function requiredChoice(names: readonly string[]): string | JsonObject {
  const [first, second] = names;
  if (first === undefined) return "required";
  return second === undefined
    ? { type: "function", function: { name: first } }
    : allowedTools("required", names);
}

function allowedTools(mode: "auto" | "required", names: readonly string[]): JsonObject {
  const tools = names.map((name) => ({ type: "function", function: { name } }));
  return { type: "allowed_tools", allowed_tools: { mode, tools } };
}
