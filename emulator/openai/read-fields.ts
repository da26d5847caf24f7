import type { Json, JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import { badOpenAiRequest } from "./errors.ts";

/** Typed reading of a JSON object, with OpenAI's errors. `path` names the object inside the request. */
export interface Fields {
  readonly object: JsonObject;
  readonly path: string;
}

function fail(fields: Fields, name: string, wanted: string): never {
  const param = fields.path === "" ? name : `${fields.path}.${name}`;
  throw badOpenAiRequest(`Invalid type for '${param}': expected ${wanted}.`, param);
}

/** A string, or undefined when absent or null. */
export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields.object[name] ?? undefined;
  return value === undefined || typeof value === "string" ? value : fail(fields, name, "a string");
}

/** A string that must be there. */
export function requiredText(fields: Fields, name: string): string {
  const value = optionalText(fields, name);
  if (value !== undefined) return value;
  const param = fields.path === "" ? name : `${fields.path}.${name}`;
  throw badOpenAiRequest(`Missing required parameter: '${param}'.`, param);
}

/** A number, or undefined when absent or null. */
export function optionalNumber(fields: Fields, name: string): number | undefined {
  const value = fields.object[name] ?? undefined;
  return value === undefined || typeof value === "number" ? value : fail(fields, name, "a number");
}

/** A boolean, or undefined when absent or null. */
export function optionalFlag(fields: Fields, name: string): boolean | undefined {
  const value = fields.object[name] ?? undefined;
  return value === undefined || typeof value === "boolean" ? value : fail(fields, name, "a boolean");
}

/** A list, empty when absent or null. */
export function optionalList(fields: Fields, name: string): readonly Json[] {
  const value = fields.object[name] ?? [];
  return Array.isArray(value) ? value : fail(fields, name, "an array");
}

/** An object, or undefined when absent or null. */
export function optionalObject(fields: Fields, name: string): Fields | undefined {
  const value = fields.object[name] ?? undefined;
  if (value === undefined) return undefined;
  return isJsonObject(value) ? inside(fields, name, value) : fail(fields, name, "an object");
}

/** The objects of a list. */
export function objectList(fields: Fields, name: string): readonly Fields[] {
  return optionalList(fields, name).map((item, index) => {
    const place = `${name}[${index}]`;
    return isJsonObject(item) ? inside(fields, place, item) : fail(fields, place, "an object");
  });
}

function inside(fields: Fields, name: string, object: JsonObject): Fields {
  return { object, path: fields.path === "" ? name : `${fields.path}.${name}` };
}
