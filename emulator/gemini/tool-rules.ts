import { invalidArgument } from "../api-failure.ts";
import type { EmulatedModel } from "../models.ts";
import type { FunctionDeclaration, GenerateRequest, Tool } from "./request.ts";
import { checkSchema } from "./schema-rules.ts";

const nameForm = /^[A-Za-z_][\w.:-]*$/;
const nameCharactersMax = 128;

/** Rules about tools and their declarations. */
export function checkTools({ tools = [], toolConfig }: GenerateRequest, model: EmulatedModel): void {
  const names = new Set<string>();
  for (const [toolIndex, tool] of tools.entries()) {
    for (const [index, declaration] of (tool.functionDeclarations ?? []).entries()) {
      checkDeclaration(declaration, `tools[${toolIndex}].function_declarations[${index}]`);
      if (names.has(declaration.name))
        throw invalidArgument(`Duplicate function declaration found: ${declaration.name}`);
      names.add(declaration.name);
    }
  }
  checkMixing(tools, toolConfig?.includeServerSideToolInvocations === true, model);
  const config = toolConfig?.functionCallingConfig;
  const allowed = config?.allowedFunctionNames ?? [];
  const mode = config?.mode ?? "AUTO";
  if (allowed.length > 0 && mode !== "ANY" && mode !== "VALIDATED") {
    throw invalidArgument(
      "Function calling config is set without function_declarations. Please set allowed_function_names only when function calling mode is ANY.",
    );
  }
  const missing = allowed.find((name) => !names.has(name));
  if (missing !== undefined) {
    throw invalidArgument(
      `allowed_function_names should contain function names that are declared; "${missing}" is not.`,
    );
  }
  if (mode === "ANY" && names.size === 0) {
    throw invalidArgument("Function calling config is set without function_declarations.");
  }
}

function checkDeclaration(declaration: FunctionDeclaration, path: string): void {
  const { name, parameters, parametersJsonSchema } = declaration;
  if (name === undefined || !nameForm.test(name) || name.length > nameCharactersMax) {
    throw invalidArgument(
      `* GenerateContentRequest.${path}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric ` +
        `(a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of ${nameCharactersMax}.\n`,
    );
  }
  if (parameters !== undefined && parametersJsonSchema !== undefined) {
    throw invalidArgument(
      `* GenerateContentRequest.${path}: parameters and parameters_json_schema must not both be set.\n`,
    );
  }
  if (parameters !== undefined) checkSchema(parameters, `${path}.parameters`);
}

function checkMixing(tools: readonly Tool[], isCombined: boolean, model: EmulatedModel): void {
  const hasFunctions = tools.some((tool) => (tool.functionDeclarations ?? []).length > 0);
  const builtIn = tools.flatMap((tool) => Object.keys(tool)).find((key) => key !== "functionDeclarations");
  if (!hasFunctions || builtIn === undefined) return;
  if (model.generation < 3) {
    throw invalidArgument("Built-in tools and Function Calling cannot be combined in the same request.");
  }
  if (!isCombined) {
    throw invalidArgument(
      "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.",
    );
  }
}
