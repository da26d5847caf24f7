import type { Fields } from "#core/dialects/fields.ts";
import type { Tool, ToolChoice } from "#core/llm/request.ts";
import { extraOf } from "./extra-fields.ts";
import { shownType } from "./shown-type.ts";

/** Reads `tools`. Those that Anthropic has built or runs itself are refused: no other model knows them. */
export function decodeTools(request: Fields): readonly Tool[] {
  if (request.children("mcp_servers").length > 0) {
    request.problems.unsupported(
      request.at("mcp_servers"),
      "only Anthropic calls MCP servers; call them yourself",
    );
  }
  return request.children("tools").map(decodeTool);
}

const toolFields = { type: true, name: true, description: true, input_schema: true, strict: true } as const;

function decodeTool(tool: Fields): Tool {
  const type = tool.text("type") ?? "custom";
  if (type !== "custom") {
    tool.problems.unsupported(
      tool.at("type"),
      `only Anthropic's models know the tool "${shownType(type)}"; declare a custom tool with an input_schema`,
    );
  }
  const description = tool.text("description");
  const parameters = tool.json("input_schema");
  const strict = tool.flag("strict");
  if (!parameters) tool.invalid("input_schema", "an object");
  return {
    type: "function",
    name: tool.requiredText("name"),
    ...(description !== undefined && { description }),
    ...(parameters && { parameters }),
    notation: "json-schema",
    ...(strict !== undefined && { strict }),
    ...extraOf(tool.object, toolFields),
  };
}

/** Reads `tool_choice`. */
export function decodeToolChoice(request: Fields): ToolChoice {
  const choice = request.child("tool_choice");
  switch (choice?.word("type", ["auto", "any", "tool", "none"])) {
    case "auto":
      return { type: "auto" };
    case "none":
      return { type: "none" };
    case "any":
      return { type: "required" };
    case "tool":
      return { type: "required", names: [choice?.requiredText("name") ?? ""] };
    case undefined:
      if (choice && choice.value("type") === undefined) choice.invalid("type", "a string");
      return { type: "default" };
  }
}

/** Whether several calls may come in one turn; undefined where the client does not say. */
export function decodeParallel(request: Fields): boolean | undefined {
  return request.child("tool_choice")?.flag("disable_parallel_tool_use") === true ? false : undefined;
}
