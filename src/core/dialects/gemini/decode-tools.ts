import type { Tool, ToolChoice } from "#core/llm/request.ts";
import { extraOf } from "./extra-fields.ts";
import { camelCase, type Fields } from "./fields.ts";
import { present } from "#core/kernel/present.ts";

/** Reads `tools`: declared functions, and tools built into Gemini under their camelCase names. */
export function decodeTools(request: Fields): readonly Tool[] {
  return request.children("tools").flatMap(decodeTool);
}

function decodeTool(tool: Fields): readonly Tool[] {
  const functions = tool.children("functionDeclarations").map(decodeDeclaration);
  const builtIn = Object.entries(tool.rest() ?? {}).flatMap(([key, value]): readonly Tool[] =>
    value === undefined || value === null
      ? []
      : [{ type: "built-in", dialect: "gemini", name: camelCase(key), value }],
  );
  return [...functions, ...builtIn];
}

function decodeDeclaration(declaration: Fields): Tool {
  const asJsonSchema = declaration.json("parametersJsonSchema");
  const asGeminiSchema = declaration.json("parameters");
  if (asJsonSchema && asGeminiSchema) {
    declaration.problems.invalid(declaration.path, "parameters or parametersJsonSchema", "both");
  }
  return {
    type: "function",
    name: declaration.requiredText("name"),
    ...present({
      description: declaration.text("description"),
      parameters: asJsonSchema ?? asGeminiSchema,
    }),
    notation: asGeminiSchema ? "gemini-schema" : "json-schema",
    ...extraOf(declaration),
  };
}

/** Reads the mode of `functionCallingConfig`. Names are its own only where the mode takes names. */
export function decodeToolChoice(calling: Fields | undefined): ToolChoice {
  const mode = calling?.word("mode", ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"]);
  switch (mode) {
    case undefined:
    case "MODE_UNSPECIFIED":
      return { type: "default" };
    case "AUTO":
      return { type: "auto" };
    case "NONE":
      return { type: "none" };
    case "ANY":
      return { type: "required", ...allowedNames(calling) };
    case "VALIDATED":
      return { type: "validated", ...allowedNames(calling) };
  }
}

function allowedNames(calling: Fields | undefined): { readonly names?: readonly string[] } {
  const names = calling?.texts("allowedFunctionNames") ?? [];
  return names.length === 0 ? {} : { names };
}
