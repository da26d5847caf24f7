import type { Tool, ToolChoice } from "#core/llm/request.ts";
import { extraOf } from "./extra-fields.ts";
import type { Fields } from "#core/dialects/fields.ts";

/** What `tools` and `tool_choice` were once. */
const legacyFields = ["functions", "function_call"] as const;

/** Reads `tools`. What is no function (`custom`, a vendor's own) is kept as it came, for upstreams of this dialect. */
export function decodeTools(request: Fields): readonly Tool[] {
  for (const legacy of legacyFields) {
    if (request.value(legacy) !== undefined) {
      request.problems.unsupported(request.at(legacy), "use tools and tool_choice instead");
    }
  }
  return request.children("tools").map(decodeTool);
}

function decodeTool(tool: Fields): Tool {
  const type = tool.requiredText("type");
  if (type !== "function")
    return { type: "built-in", dialect: "openai-chat", name: type, value: tool.object };
  const declared = tool.child("function");
  if (!declared) tool.invalid("function", "an object");
  const description = declared?.text("description");
  const parameters = declared?.json("parameters");
  const strict = declared?.flag("strict");
  return {
    type: "function",
    name: declared?.requiredText("name") ?? "",
    ...(description !== undefined && { description }),
    ...(parameters && { parameters }),
    notation: "json-schema",
    ...(strict !== undefined && { strict }),
    ...extraOf(tool.object, {
      type: true,
      function: { name: true, description: true, parameters: true, strict: true },
    }),
  };
}

/** Reads `tool_choice`: a word, one named function, or a set of allowed tools. */
export function decodeToolChoice(request: Fields): ToolChoice {
  const choice = request.value("tool_choice");
  if (choice === undefined) return { type: "default" };
  if (typeof choice === "string") {
    return { type: request.word("tool_choice", ["none", "auto", "required"]) ?? "default" };
  }
  const fields = request.child("tool_choice");
  switch (fields?.value("type")) {
    case undefined:
      if (fields) fields.invalid("type", "a string");
      return { type: "default" };
    case "function":
      return { type: "required", names: [functionName(fields)] };
    case "allowed_tools":
      return allowedTools(fields);
    default:
      fields?.problems.unsupported(fields.at("type"), `only "function" and "allowed_tools" can be chosen`);
      return { type: "default" };
  }
}

function functionName(fields: Fields | undefined): string {
  const named = fields?.child("function");
  if (fields && !named) fields.invalid("function", "an object");
  return named?.requiredText("name") ?? "";
}

function allowedTools(fields: Fields | undefined): ToolChoice {
  const allowed = fields?.child("allowed_tools");
  if (!allowed) {
    fields?.invalid("allowed_tools", "an object");
    return { type: "default" };
  }
  const names = allowed.children("tools").map((tool) => {
    if (tool.word("type", ["function"]) === undefined) tool.invalid("type", `"function"`);
    return functionName(tool);
  });
  // Free, but within these tools: the only neutral choice with names that forces nothing.
  return {
    type: allowed.word("mode", ["auto", "required"]) === "required" ? "required" : "validated",
    names,
  };
}
