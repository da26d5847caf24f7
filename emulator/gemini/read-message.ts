import { ApiFailure } from "../api-failure.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import type { FieldType, MessageFields } from "./field-types.ts";

/** What one field breaks, in the API's words. */
interface Violation {
  readonly field: string;
  readonly description: string;
}

const depthMax = 100; // the API's JSON parser gives up there as well
const violationsMax = 50;

/**
 * Reads a JSON body as an API message: names in camelCase or snake_case, enums in any case, int64 as numbers or
 * strings, null as absent. Returns it in camelCase. Throws ApiFailure 400 with BadRequest details for malformed JSON,
 * unknown names and wrong types.
 */
export function readMessage(body: string, fields: MessageFields): JsonObject {
  const value = parseJson(body);
  if (!isJsonObject(value))
    throw new ApiFailure(400, "Invalid JSON payload received. Root element must be a message.");
  const violations: Violation[] = [];
  const message = readFields(value, fields, "", violations, 0);
  if (violations.length > 0) throw badRequest(violations);
  return message;
}

/** Parses JSON; throws the API's 400 for malformed text (without repeating any of it). */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiFailure(400, "Invalid JSON payload received. Unexpected token.");
  }
}

function badRequest(violations: readonly Violation[]): ApiFailure {
  const shown = violations.slice(0, violationsMax);
  const fieldViolations = shown.map(({ field, description }) => ({
    ...(field === "" ? {} : { field }),
    description,
  }));
  return new ApiFailure(400, shown.map(({ description }) => description).join("\n"), {
    details: [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations }],
  });
}

function readFields(
  value: JsonObject,
  fields: MessageFields,
  path: string,
  violations: Violation[],
  depth: number,
): JsonObject {
  if (depth > depthMax)
    throw new ApiFailure(
      400,
      "Invalid JSON payload received. Message too deep. Max recursion depth reached.",
    );
  const message: Record<string, Json> = {};
  for (const [name, fieldValue] of Object.entries(value)) {
    const key = Object.hasOwn(fields, name) ? name : camelCase(name);
    const type = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (type === undefined) violations.push(unknownName(name, path));
    else if (fieldValue !== null && fieldValue !== undefined) {
      message[key] = readValue(fieldValue, type, join(path, snakeCase(key)), violations, depth);
    }
  }
  return message;
}

function readValue(
  value: unknown,
  type: FieldType,
  path: string,
  violations: Violation[],
  depth: number,
): Json {
  switch (type.kind) {
    case "message":
      if (isJsonObject(value)) return readFields(value, type.fields(), path, violations, depth + 1);
      violations.push(Array.isArray(value) ? notRepeating(path) : invalidValue(path, "message", value));
      return {};
    case "list":
      if (Array.isArray(value))
        return value.map((item, index) =>
          readValue(item, type.of, `${path}[${index}]`, violations, depth + 1),
        );
      // A single message in place of a list is read as a list of one, as the API's parser does for `contents`.
      return [readValue(value, type.of, path, violations, depth + 1)];
    case "map":
      if (isJsonObject(value)) return readMap(value, type.of, path, violations, depth);
      violations.push(invalidValue(path, "message", value));
      return {};
    default:
      if (Array.isArray(value) && type.kind !== "value") violations.push(notRepeating(path));
      else return readScalar(value, type, path, violations);
      return null;
  }
}

function readMap(
  value: JsonObject,
  of: FieldType,
  path: string,
  violations: Violation[],
  depth: number,
): JsonObject {
  const entries = Object.entries(value).map(([key, item], index) => [
    key,
    readValue(item, of, `${path}[${index}].value`, violations, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

type ScalarType = Exclude<FieldType, { kind: "message" | "list" | "map" }>;

function readScalar(value: unknown, type: ScalarType, path: string, violations: Violation[]): Json {
  const read = scalarValue(value, type);
  if (read === undefined) violations.push(invalidValue(path, scalarName(type), value));
  return read ?? null;
}

function scalarValue(value: unknown, type: ScalarType): Json | undefined {
  switch (type.kind) {
    case "string":
      return typeof value === "string" ? value : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "int32":
    case "int64": {
      const number = numeric(value);
      return number !== undefined && Number.isInteger(number) ? number : undefined;
    }
    case "float":
      return numeric(value);
    case "bytes":
      return typeof value === "string" && /^[\w+/-]*={0,2}$/.test(value) ? value : undefined;
    case "struct":
      return isJsonObject(value) ? value : undefined;
    case "value":
      // The body came out of JSON.parse, so any value in it is JSON.
      return value as Json;
    case "enum":
      return enumValue(value, type.values);
  }
}

function numeric(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function enumValue(value: unknown, values: readonly string[]): string | undefined {
  if (typeof value === "number") return values[value];
  return typeof value === "string"
    ? values.find((name) => name.toLowerCase() === value.toLowerCase())
    : undefined;
}

function scalarName(type: ScalarType): string {
  if (type.kind === "enum") return `type.googleapis.com/google.ai.generativelanguage.v1beta.${type.name}`;
  if (type.kind === "struct" || type.kind === "value") return "type.googleapis.com/google.protobuf.Struct";
  return `TYPE_${type.kind.toUpperCase()}`;
}

function unknownName(name: string, path: string): Violation {
  const place = path === "" ? "" : ` at '${path}'`;
  return {
    field: path,
    description: `Invalid JSON payload received. Unknown name "${name}"${place}: Cannot find field.`,
  };
}

function notRepeating(path: string): Violation {
  const [, parent = "", name = path] = /^(.*?)\.?([^.]+)$/.exec(path) ?? [];
  const place = parent === "" ? "" : ` at '${parent}'`;
  return {
    field: parent,
    description: `Invalid JSON payload received. Unknown name "${name}"${place}: Proto field is not repeating, cannot start list.`,
  };
}

const shownCharactersMax = 60;

function invalidValue(path: string, typeName: string, value: unknown): Violation {
  if (typeName === "TYPE_BYTES") {
    return { field: path, description: `Invalid value at '${path}' (TYPE_BYTES), Base64 decoding failed` };
  }
  const shown = JSON.stringify(value).slice(0, shownCharactersMax);
  return { field: path, description: `Invalid value at '${path}' (${typeName}), ${shown}` };
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function camelCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
