import type { JsonObject } from "#core/kernel/json.ts";
import type { Tool, ToolChoice } from "#core/llm/request.ts";
import type { Notes } from "./notes.ts";
import { present } from "#core/kernel/present.ts";
import { withExtra } from "./extra-fields.ts";

const noTools: readonly JsonObject[] = Object.freeze([]);

type FunctionTool = Extract<Tool, { readonly type: "function" }>;

/** Writes `tools`: one entry with all functions, one for each built-in tool. Empty when there are none. */
export function encodeTools(tools: readonly Tool[], notes: Notes): readonly JsonObject[] {
  if (tools.length === 0) return noTools;
  const declarations = tools.flatMap((tool, index) =>
    tool.type === "function" ? [encodeDeclaration(tool, `tools[${index}]`, notes)] : [],
  );
  const builtIn = tools.flatMap((tool, index) => {
    if (tool.type === "function") return [];
    if (tool.dialect === "gemini") return [{ [tool.name]: tool.value }];
    notes.unsupported(`tools[${index}]`, `it has no tools of the kind ${tool.name}`);
    return [];
  });
  return [...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []), ...builtIn];
}

/** Real JSON Schema goes where Gemini takes it, so that no keyword is lost. */
function encodeDeclaration(tool: FunctionTool, path: string, notes: Notes): JsonObject {
  notes.foreign(tool.extra, path);
  if (tool.strict === true) {
    notes.dropped(`${path}.strict`, "Gemini checks arguments only where the tool choice asks for it");
  }
  const parameters = tool.notation === "json-schema" ? "parametersJsonSchema" : "parameters";
  const written = {
    name: tool.name,
    ...present({ description: tool.description }),
    ...(tool.parameters && { [parameters]: tool.parameters }),
  };
  return withExtra(written, tool.extra);
}

/** Writes `functionCallingConfig`; undefined where there is nothing to say. Without functions Gemini refuses a mode. */
export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): JsonObject | undefined {
  const hasFunctions = tools.some(({ type }) => type === "function");
  switch (choice.type) {
    case "default":
      return undefined;
    case "auto":
      return hasFunctions ? { mode: "AUTO" } : undefined;
    case "none":
      return hasFunctions ? { mode: "NONE" } : undefined;
    case "required":
      return { mode: "ANY", ...present({ allowedFunctionNames: choice.names }) };
    case "validated":
      return { mode: "VALIDATED", ...present({ allowedFunctionNames: choice.names }) };
  }
}
