import { isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type { Json } from "#core/kernel/json.ts";
import { rowContent } from "./json-row.ts";
import type { RawRow } from "./raw-row.ts";
import { unreadable } from "./unreadable.ts";

/** How often anchors may be used in all: ends "billion laughs". */
const aliasesMax = 1_000;

/** A YAML file (JSON is YAML, too), as data and with the lines of its lists. */
export interface YamlData {
  readonly value: Json;
  /** The line where an element of a list begins: of the file's own, or of one under a key of it. */
  readonly lineOf: (element: number, key?: string) => number;
}

/**
 * Reads YAML 1.2 of one document.
 * @throws AppError `invalid-request` with the line where it is none
 */
export function readYamlData(text: string, name: string): YamlData {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  });
  const [problem] = document.errors;
  if (problem) {
    const { line } = lines.linePos(problem.pos[0]);
    throw unreadable(name, {
      wanted: "YAML of one document",
      actual: `it fails at line ${line} with ${problem.code}`,
    });
  }
  return {
    value: dataOf(document, name),
    lineOf: (element, key) => {
      const list = key === undefined ? document.contents : document.get(key, true);
      const node: unknown = isSeq(list) ? list.items[element] : undefined;
      return lines.linePos(startOf(node) ?? 0).line;
    },
  };
}

function dataOf(document: Document.Parsed, name: string): Json {
  try {
    // Without dates or other tags that are no JSON, YAML's data is JSON's; a number that is none becomes null.
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: aliasesMax }) ?? null)) as Json;
  } catch (cause) {
    // Too many aliases, one without an anchor, or one that is inside what it stands for.
    throw unreadable(name, {
      wanted: "anchors that end, and few uses of them",
      actual: "others are there",
      cause,
    });
  }
}

function startOf(node: unknown): number | undefined {
  const isNode = typeof node === "object" && node !== null && "range" in node;
  return isNode ? (node as Node).range?.[0] : undefined; // What has a range is a node.
}

/**
 * The rows of YAML: the maps of the list that the file is.
 * @throws AppError `invalid-request` for a file that is no list
 */
export function yamlList(text: string, name: string): readonly RawRow[] {
  const { value, lineOf } = readYamlData(text, name);
  if (value === null) return [];
  if (!Array.isArray(value))
    throw unreadable(name, { wanted: "a list of maps", actual: "it is another thing" });
  return value.map((row: Json, at) => ({ line: lineOf(at), content: rowContent(row) }));
}
