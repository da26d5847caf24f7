import type { Fields } from "#core/dialects/fields.ts";
import { present, presentItems } from "#core/kernel/present.ts";
import type { Tool, ToolChoice } from "#core/llm/request.ts";
import { extraOf } from "./extra-fields.ts";

/** Reads `tools`: functions. Those that OpenAI runs itself (web search, files, code) no other provider has. */
export function decodeTools(request: Fields): readonly Tool[] {
  return presentItems(request.children("tools").map(decodeTool));
}

const toolFields = { type: true, name: true, description: true, parameters: true, strict: true } as const;

function decodeTool(tool: Fields): Tool | undefined {
  if (tool.requiredText("type") !== "function") {
    tool.problems.unsupported(
      tool.at("type"),
      `only the client's own tools, of the type "function", are served; OpenAI's built-in ones run at OpenAI`,
    );
    return undefined;
  }
  return {
    type: "function",
    name: tool.requiredText("name"),
    ...present({
      description: tool.text("description"),
      parameters: tool.json("parameters"),
      strict: tool.flag("strict"),
    }),
    notation: "json-schema",
    ...extraOf(tool.object, toolFields),
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
      return { type: "required", names: [fields?.requiredText("name") ?? ""] };
    case "allowed_tools":
      return allowedTools(fields);
    default:
      fields?.problems.unsupported(fields.at("type"), `only "function" and "allowed_tools" can be chosen`);
      return { type: "default" };
  }
}

function allowedTools(allowed: Fields | undefined): ToolChoice {
  const tools = allowed?.children("tools") ?? [];
  if (tools.length === 0) allowed?.invalid("tools", "an array of at least one tool");
  const names = tools.map((tool) => {
    if (tool.word("type", ["function"]) === undefined) tool.invalid("type", `"function"`);
    return tool.requiredText("name");
  });
  // Free, but within these tools: the only neutral choice with names that forces nothing.
  const isRequired = allowed?.word("mode", ["auto", "required"]) === "required";
  return { type: isRequired ? "required" : "validated", names };
}
