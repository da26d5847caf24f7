import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { configurationJsonSchema } from "../json-schema.ts";

/** What the schema of signalbox.yaml says of places in it: new sections and keys are known here without further code. */
export interface WrittenSchema {
  /** Whether a section holds entries by name, as `routes` does and `log` does not. */
  readonly isNamed: (section: string) => boolean;
  /** What holds where nothing is written; undefined when that is nothing. */
  readonly defaultAt: (path: readonly string[]) => Json | undefined;
}

let known: WrittenSchema | undefined;

/** The schema's answers; made once, at the first question. */
export function writtenSchema(): WrittenSchema {
  return (known ??= answersOf(configurationJsonSchema()));
}

function answersOf(schema: Json): WrittenSchema {
  return {
    isNamed: (section) => entriesOf(nodeAt(schema, [section])) !== undefined,
    defaultAt: (path) => nodeAt(schema, path)?.["default"],
  };
}

function nodeAt(schema: Json, path: readonly string[]): JsonObject | undefined {
  let node = mapNode(schema);
  for (const key of path) {
    const properties = node?.["properties"];
    node = mapNode(isJsonObject(properties) ? properties[key] : entriesOf(node));
  }
  return node;
}

function entriesOf(node: JsonObject | undefined): JsonObject | undefined {
  const entries = node?.["additionalProperties"];
  return isJsonObject(entries) ? entries : undefined;
}

/** The node itself, or the map among its alternatives: `anyOf: [map, null]` is how an optional section reads. */
function mapNode(node: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(node)) return undefined;
  const alternatives = node["anyOf"];
  if (!isList(alternatives)) return node;
  return alternatives.filter(isJsonObject).find((alternative) => alternative["type"] === "object") ?? node;
}
