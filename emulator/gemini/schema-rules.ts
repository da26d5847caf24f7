import { invalidArgument } from "../api-failure.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";

const stringFormats = new Set(["enum", "date-time"]);
const depthMax = 32;

/**
 * Rules for a Schema message (`parameters`, `responseSchema`). Keywords outside the message ($ref, propertyNames,
 * exclusiveMinimum ...) were refused before, as unknown names.
 */
export function checkSchema(schema: JsonObject, path: string, depth = 0): void {
  const fail = (place: string, problem: string): never => {
    throw invalidArgument(`* GenerateContentRequest.${path}${place}: ${problem}\n`);
  };
  if (depth > depthMax) fail("", "exceeds the maximum allowed nesting depth");
  const type = schema["type"];
  if (Array.isArray(schema["enum"])) checkEnum(schema["enum"], type, fail);
  if (type === "ARRAY" && schema["items"] === undefined) fail(".items", "missing field.");
  if (type === "STRING" && typeof schema["format"] === "string" && !stringFormats.has(schema["format"])) {
    fail(".format", "only 'enum' and 'date-time' are supported for STRING type");
  }
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  if (type !== "OBJECT" && Object.keys(properties).length > 0)
    fail(".properties", "only allowed for OBJECT type");
  for (const [index, name] of (Array.isArray(schema["required"]) ? schema["required"] : []).entries()) {
    if (!Object.hasOwn(properties, String(name))) fail(`.required[${index}]`, "property is not defined");
  }
  for (const [name, property] of Object.entries(properties)) {
    if (isJsonObject(property)) checkSchema(property, `${path}.properties[${name}]`, depth + 1);
  }
  if (isJsonObject(schema["items"])) checkSchema(schema["items"], `${path}.items`, depth + 1);
  for (const [index, option] of (Array.isArray(schema["anyOf"]) ? schema["anyOf"] : []).entries()) {
    if (isJsonObject(option)) checkSchema(option, `${path}.any_of[${index}]`, depth + 1);
  }
}

function checkEnum(
  values: readonly Json[],
  type: Json | undefined,
  fail: (place: string, problem: string) => never,
): void {
  if (type !== "STRING") fail(".enum", "only allowed for STRING type");
  const empty = values.indexOf("");
  if (empty >= 0) fail(`.enum[${empty}]`, "cannot be empty");
}
