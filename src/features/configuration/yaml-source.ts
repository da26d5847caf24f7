import { isAlias, isMap, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from "yaml";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ConfigurationProblem } from "./problem.ts";
import { filePlaces, type FilePlace } from "./prompt-files.ts";

/** Largest file that is read, bytes. */
export const configurationBytesMax = 1_048_576;
/** How often anchors may be used in all: ends "billion laughs". */
const aliasesMax = 100;

/** Keys and list indexes from the top of the file. */
export type KeyPath = readonly (string | number)[];

/** A file that is YAML, with the place of everything in it. */
export interface YamlSource {
  /** The content as plain data; undefined when the file is empty. */
  readonly value: unknown;
  /** The place of a value; of the nearest key above where there is none. */
  placeOf(path: KeyPath): Place;
  /** The place of a key itself. */
  placeOfKey(path: KeyPath): Place;
  /** The place of a key or value that is this text, anywhere below a path; undefined when there is none. */
  placeOfText(path: KeyPath, text: string): Place | undefined;
}

/** Line and column, both from 1, in the file that is named where it is not the text's own. */
export type Place = FilePlace;

/** Reads YAML 1.2. Syntax errors, duplicate keys, deep nesting and alias bombs are problems with their place. */
export function readYaml(text: string): Result<YamlSource, readonly ConfigurationProblem[]> {
  const bytes = Buffer.byteLength(text);
  if (bytes > configurationBytesMax) {
    return failed([whole("a file of at most 1 MiB", `${(bytes / configurationBytesMax).toFixed(1)} MiB`)]);
  }
  // YAML forbids it, the parser does not mind, and Postgres cannot keep it.
  const nul = text.indexOf("\0");
  if (nul !== -1) return failed([{ ...whole("text", "a NUL character"), ...placeAt(text, nul) }]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    // Looked for below: the library compares each key with every other, 2 s for a map of 6,500.
    uniqueKeys: false,
  });
  const errors = [...document.errors, ...document.warnings, ...repeatedKeys(document), ...circles(document)];
  const placed = filePlaces(text);
  if (errors.length > 0) {
    const problems = errors.map((error) => syntaxProblem(error, lines));
    return failed(
      distinct(problems).map((problem) => ({ ...problem, ...placed(problem.line, problem.column) })),
    );
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: aliasesMax });
    return ok(new ParsedYaml(document, { lines, placed }, value ?? undefined));
  } catch (error) {
    // The library throws a ReferenceError for too many aliases and for one without an anchor.
    if (!(error instanceof ReferenceError)) throw error;
    if (error.message.startsWith("Unresolved")) return failed([whole("YAML", `an error: ${error.message}`)]);
    return failed([whole(`anchors to be used for at most ${aliasesMax} values`, "more")]);
  }
}

/** Each key that its map has already. */
function repeatedKeys(document: Document.Parsed): readonly YamlError[] {
  const errors: YamlError[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string | undefined>();
      for (const { key } of map.items) {
        const text = keyText(key);
        const offset = isRanged(key) ? (key.range?.[0] ?? 0) : 0;
        if (seen.has(text)) errors.push({ code: "DUPLICATE_KEY", message: "", pos: [offset, offset] });
        seen.add(text);
      }
    },
  });
  return errors;
}

/** Each use of an anchor inside what it stands for. */
function circles(document: Document.Parsed): readonly YamlError[] {
  const errors: YamlError[] = [];
  visit(document, {
    Alias(_key, alias, path) {
      const target = alias.resolve(document);
      if (!target || !path.includes(target)) return;
      const offset = alias.range?.[0] ?? 0;
      errors.push({ code: "CIRCLE", message: "", pos: [offset, offset] });
    },
  });
  return errors;
}

class ParsedYaml implements YamlSource {
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #placed: ReturnType<typeof filePlaces>;

  constructor(
    document: Document.Parsed,
    { lines, placed }: { readonly lines: LineCounter; readonly placed: ReturnType<typeof filePlaces> },
    value: unknown,
  ) {
    this.#document = document;
    this.#lines = lines;
    this.#placed = placed;
    this.value = value;
  }

  placeOf(path: KeyPath): Place {
    const offset = this.#find(path)?.range?.[0];
    if (offset !== undefined) return this.#place(offset);
    return path.length === 0 ? { line: 1, column: 1 } : this.placeOfKey(path);
  }

  placeOfKey(path: KeyPath): Place {
    const parent = this.#find(path.slice(0, -1));
    const key = isMap(parent)
      ? parent.items.find((pair) => keyText(pair.key) === String(path.at(-1)))
      : undefined;
    const offset = isRanged(key?.key) ? key.key.range?.[0] : undefined;
    if (offset !== undefined) return this.#place(offset);
    if (path.length <= 1) return { line: 1, column: 1 };
    return this.placeOfKey(path.slice(0, -1));
  }

  placeOfText(path: KeyPath, text: string): Place | undefined {
    let offset: number | undefined;
    visit(this.#find(path) ?? null, {
      Scalar(_key, scalar) {
        if (scalar.value !== text) return undefined;
        offset = scalar.range?.[0];
        return visit.BREAK;
      },
    });
    return offset === undefined ? undefined : this.#place(offset);
  }

  #find(path: KeyPath): Node | undefined {
    let node = this.#resolved(this.#document.contents);
    for (const step of path) {
      if (isMap(node))
        node = this.#resolved(node.items.find((pair) => keyText(pair.key) === String(step))?.value);
      else if (isSeq(node)) node = this.#resolved(node.items[Number(step)]);
      else return undefined;
    }
    return node;
  }

  #resolved(node: unknown): Node | undefined {
    if (isAlias(node)) return node.resolve(this.#document);
    return isRanged(node) ? node : undefined;
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return this.#placed(Math.max(line, 1), Math.max(col, 1));
  }
}

/** The library's nodes are classes of its own; what has a range is one of them. */
function isRanged(node: unknown): node is Node {
  return typeof node === "object" && node !== null && "range" in node;
}

function keyText(key: unknown): string | undefined {
  if (typeof key !== "object" || key === null || !("value" in key)) return undefined;
  return String(key.value);
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function whole(wanted: string, actual: string): ConfigurationProblem {
  return { line: 1, column: 1, keyPath: "", wanted, actual };
}

/** What is said of the syntax errors that people meet most, and of attacks. */
const syntaxWords: ReadonlyMap<string, Pick<ConfigurationProblem, "wanted" | "actual">> = new Map([
  ["DUPLICATE_KEY", { wanted: "each key once", actual: "one a second time" }],
  ["MULTIPLE_DOCS", { wanted: "one document", actual: 'a second one after "---"' }],
  ["CIRCLE", { wanted: "anchors that end", actual: "one inside itself" }],
  ["RESOURCE_EXHAUSTION", { wanted: "shallow nesting", actual: "hundreds of levels" }],
]);

/** What the library says of an error. */
interface YamlError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

function syntaxProblem(error: YamlError, lines: LineCounter): ConfigurationProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  const words = syntaxWords.get(error.code) ?? { wanted: "YAML", actual: `an error: ${error.message}` };
  return { line: Math.max(line, 1), column: Math.max(col, 1), keyPath: "", ...words };
}

/** One slip may confuse the parser many times over in one line: its first complaint is the useful one. */
function distinct(problems: readonly ConfigurationProblem[]): readonly ConfigurationProblem[] {
  return problems.filter(
    (problem, index) => problems.findIndex(({ line }) => line === problem.line) === index,
  );
}
