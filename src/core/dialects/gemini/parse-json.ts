import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";

/** The value of a JSON text; undefined when it is none, or nests too deep to be written again. */
export function parseJson(text: string): Json | undefined {
  try {
    // JSON.parse gives JSON values only.
    const value = JSON.parse(text) as Json;
    return nestsTooDeep(value) ? undefined : value;
  } catch {
    // That a text is no JSON is an answer here; callers say what it means.
    return undefined;
  }
}

/** The arguments of a tool call, written as JSON text; none at all are no arguments. Undefined when they are no object. */
export function parseArguments(argumentsJson: string): JsonObject | undefined {
  const value = argumentsJson.trim() === "" ? {} : parseJson(argumentsJson);
  return isJsonObject(value) ? value : undefined;
}
