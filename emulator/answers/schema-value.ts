import { invalidArgument } from "../api-failure.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import type { Random } from "../random.ts";
import { numberOf, textValue } from "./text-value.ts";

/** Where generation stands: the whole schema (for $ref), chance, texts of the prompt to use first, and depth. */
interface Position {
  readonly root: Json;
  readonly random: Random;
  readonly hints: string[];
  /** Taken from a list of allowed values that holds it. */
  readonly known: string | undefined;
  readonly key: string;
  readonly depth: number;
}

const depthForOptional = 6; // deeper optional properties are left out, so that recursive schemas end
const membersMax = 1000; // items or properties of one value, whatever minItems and minProperties ask for
const depthMax = 48; // beyond this a schema requires an endless value

/**
 * A value that satisfies a JSON Schema or an API Schema (upper-case types, nullable, int64 limits as strings).
 * Supported: type, enum, const, properties, required, additionalProperties, propertyNames, min/maxProperties,
 * items, prefixItems, min/maxItems, uniqueItems, anyOf, oneOf, allOf, $ref within the schema, all numeric limits,
 * multipleOf, min/maxLength, simple patterns, common formats. Not read: not, if/then/else, contains, dependent*.
 * `hints` are texts to put into free string fields, in order; `known` is chosen where an enum holds it. Throws ApiFailure 400
 * for an endless schema.
 */
export function schemaValue(
  schema: Json,
  random: Random,
  hints: readonly string[] = [],
  known?: string,
): Json {
  return valueOf(schema, { root: schema, random, hints: [...hints], known, key: "", depth: 0 });
}

function valueOf(schema: Json | undefined, position: Position): Json {
  if (position.depth > depthMax)
    throw invalidArgument("The schema exceeds the maximum allowed nesting depth.");
  if (!isJsonObject(schema)) return position.random.pick(["amber", "harbour", "signal"]);
  const resolved = resolve(schema, position);
  if (resolved["const"] !== undefined) return resolved["const"];
  if (Array.isArray(resolved["enum"]) && resolved["enum"].length > 0)
    return enumValue(resolved["enum"], position);
  switch (typeOf(resolved)) {
    case "object":
      return objectValue(resolved, position);
    case "array":
      return arrayValue(resolved, position);
    case "integer":
      return numericValue(resolved, position.random, true);
    case "number":
      return numericValue(resolved, position.random, false);
    case "boolean":
      return position.random.next() < 0.5;
    case "null":
      return null;
    default:
      return textValue(resolved, position.key, position.hints, position.random);
  }
}

function enumValue(values: readonly Json[], { random, known }: Position): Json {
  return known !== undefined && values.includes(known) ? known : random.pick(values);
}

/** Follows $ref, merges allOf, and picks one of anyOf or oneOf, until none of these is left. */
function resolve(schema: JsonObject, position: Position): JsonObject {
  let current = schema;
  for (let round = 0; round < depthMax; round += 1) {
    const { $ref, allOf, anyOf, oneOf, ...rest } = current;
    if (typeof $ref === "string") current = merge(rest, referenced($ref, position.root));
    else if (Array.isArray(allOf))
      current = allOf
        .filter(isJsonObject)
        .reduce<JsonObject>(merge, { ...rest, ...alternatives(anyOf, oneOf) });
    else if (isChoice(anyOf))
      current = merge({ ...rest, ...alternatives(undefined, oneOf) }, chosen(anyOf, position));
    else if (isChoice(oneOf)) current = merge(rest, chosen(oneOf, position));
    else return current;
  }
  throw invalidArgument("The schema exceeds the maximum allowed nesting depth.");
}

function alternatives(anyOf: Json | undefined, oneOf: Json | undefined): JsonObject {
  return { ...(anyOf === undefined ? {} : { anyOf }), ...(oneOf === undefined ? {} : { oneOf }) };
}

function isChoice(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value) && value.length > 0;
}

/** One alternative: never null where something else is offered; the first one when already deep. */
function chosen(options: readonly Json[], position: Position): JsonObject {
  const schemas = options.filter(isJsonObject);
  const substantial = schemas.filter((option) => typeOf(option) !== "null");
  const usable = substantial.length > 0 ? substantial : schemas;
  if (usable.length === 0) return {};
  return position.depth > depthForOptional ? (usable[0] ?? {}) : position.random.pick(usable);
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const properties = { ...objectOf(left["properties"]), ...objectOf(right["properties"]) };
  const required = [...listOf(left["required"]), ...listOf(right["required"])];
  return {
    ...left,
    ...right,
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  };
}

function referenced(reference: string, root: Json): JsonObject {
  const path = reference.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodePointer);
  const found = path.reduce<Json | undefined>(
    (value, key) => (isJsonObject(value) ? value[key] : undefined),
    root,
  );
  if (!isJsonObject(found)) throw invalidArgument(`Schema reference "${reference}" does not resolve.`);
  return found;
}

function decodePointer(part: string): string {
  return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The type a value is made for, in lower case; guessed from the keywords when none is declared. */
function typeOf(schema: JsonObject): string {
  const declared = schema["type"];
  const type = Array.isArray(declared) ? (declared.find((option) => option !== "null") ?? "null") : declared;
  if (typeof type === "string") return type.toLowerCase();
  if (schema["properties"] !== undefined || schema["additionalProperties"] !== undefined) return "object";
  if (schema["items"] !== undefined || schema["prefixItems"] !== undefined) return "array";
  return schema["minimum"] !== undefined || schema["maximum"] !== undefined ? "number" : "string";
}

function objectValue(schema: JsonObject, position: Position): JsonObject {
  const properties = objectOf(schema["properties"]);
  const required = new Set(listOf(schema["required"]));
  const countMin = Math.min(membersMax, numberOf(schema["minProperties"]) ?? 0);
  const countMax = numberOf(schema["maxProperties"]) ?? Number.POSITIVE_INFINITY;
  const names = orderedNames(schema, properties);
  let optionalLeft = Math.max(0, countMax - required.size);
  const value: Record<string, Json> = {};
  for (const [index, name] of names.entries()) {
    const isNeeded = required.has(name) || Object.keys(value).length + names.length - index <= countMin;
    const isWanted = position.depth < depthForOptional && position.random.next() < 0.8 && optionalLeft > 0;
    if (!isNeeded && !isWanted) continue;
    if (!required.has(name)) optionalLeft -= 1;
    value[name] = valueOf(properties[name] ?? {}, { ...position, key: name, depth: position.depth + 1 });
  }
  for (const name of required) {
    if (Object.hasOwn(value, name)) continue;
    value[name] = valueOf({}, { ...position, key: name, depth: position.depth + 1 });
  }
  return withFreeProperties(value, schema, { countMin, countMax }, position);
}

/** Adds properties of free names: to reach minProperties, and one or two where the object is a record. */
function withFreeProperties(
  value: Record<string, Json>,
  schema: JsonObject,
  { countMin, countMax }: { readonly countMin: number; readonly countMax: number },
  position: Position,
): JsonObject {
  const additional = schema["additionalProperties"];
  const isRecord =
    isJsonObject(additional) && Object.keys(value).length === 0 && position.depth < depthForOptional;
  const target = Math.max(countMin, isRecord ? Math.min(2, countMax) : 0);
  const position1 = { ...position, depth: position.depth + 1 };
  for (let attempt = 0; Object.keys(value).length < target && attempt < target * 10; attempt += 1) {
    const names = schema["propertyNames"];
    const name = isJsonObject(names)
      ? nameFrom(valueOf({ type: "string", ...names }, position1))
      : `key${attempt + 1}`;
    value[name] = valueOf(isJsonObject(additional) ? additional : {}, { ...position1, key: name });
  }
  return value;
}

function nameFrom(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function orderedNames(schema: JsonObject, properties: JsonObject): readonly string[] {
  const ordering = listOf(schema["propertyOrdering"]).filter((name) => Object.hasOwn(properties, name));
  return [...new Set([...ordering, ...Object.keys(properties)])];
}

function arrayValue(schema: JsonObject, position: Position): Json {
  const prefix = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : [];
  const countMin = Math.min(membersMax, numberOf(schema["minItems"]) ?? 0);
  const countMax = numberOf(schema["maxItems"]) ?? Number.POSITIVE_INFINITY;
  const isClosed = schema["items"] === false;
  const typical = position.depth >= depthForOptional ? 0 : isClosed ? 0 : position.random.integer(1, 3);
  const count = Math.min(countMax, Math.max(countMin, prefix.length + typical, prefix.length));
  const inner = { ...position, depth: position.depth + 1 };
  const values: Json[] = [];
  const seen = new Set<string>();
  for (let attempt = 0; values.length < count && attempt < count * 20; attempt += 1) {
    const item = valueOf(prefix[values.length] ?? schema["items"], inner);
    const isDuplicate = schema["uniqueItems"] === true && seen.has(JSON.stringify(item));
    if (isDuplicate) continue;
    seen.add(JSON.stringify(item));
    values.push(item);
  }
  return values;
}

/** A number within the limits: from a small window near 1, or near a limit, when they leave much room. */
function numericValue(schema: JsonObject, random: Random, isInteger: boolean): number {
  const step = numberOf(schema["multipleOf"]) ?? (isInteger ? 1 : undefined);
  const [start, end] = numericWindow(schema);
  if (step !== undefined) return steppedNumber({ start, end, step }, schema, random);
  const open = random.next() * 0.98 + 0.01; // strictly inside, so that exclusive limits hold
  const exact = start + (end - start) * open;
  const rounded = Math.round(exact * 100) / 100;
  return rounded > start && rounded < end ? rounded : start === end ? start : exact;
}

function steppedNumber(
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
  schema: JsonObject,
  random: Random,
): number {
  const isLowExcluded = numberOf(schema["exclusiveMinimum"]) === start;
  const isHighExcluded = numberOf(schema["exclusiveMaximum"]) === end;
  const first = Math.ceil(start / step) + (isLowExcluded && Number.isInteger(start / step) ? 1 : 0);
  const last = Math.floor(end / step) - (isHighExcluded && Number.isInteger(end / step) ? 1 : 0);
  return random.integer(first, Math.max(first, last)) * step;
}

const windowSpan = 99;
const wideSpan = 1_000_000; // limits as far apart as Number.MAX_SAFE_INTEGER say nothing about sensible values

/** The range a number is taken from; always within the schema's limits. */
function numericWindow(schema: JsonObject): readonly [number, number] {
  const lows = [schema["minimum"], schema["exclusiveMinimum"]].map(numberOf);
  const highs = [schema["maximum"], schema["exclusiveMaximum"]].map(numberOf);
  const low = Math.max(...lows.map((limit) => limit ?? Number.NEGATIVE_INFINITY));
  const high = Math.min(...highs.map((limit) => limit ?? Number.POSITIVE_INFINITY));
  if (high - low <= wideSpan) return [low, high];
  if (low <= 1 && high >= 1 + windowSpan) return [1, 1 + windowSpan];
  return low > 1 ? [low, low + windowSpan] : [high - windowSpan, high];
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
