import { tokensOf, type Token } from "./tokens.ts";

/** One mention of another module in a source file. */
export interface Import {
  /** As written: `#core/kernel/result.ts`, `./draw.ts`, `zod`. */
  readonly specifier: string;
  /** `type` is erased when the code runs; `file` is `new URL("./x.ts", import.meta.url)` or `import.meta.resolve("./x.ts")`, which starts a worker or reads data. */
  readonly kind: "value" | "type" | "dynamic" | "file";
  readonly line: number;
}

/** Every module that a source text mentions: imports, re-exports, `import()` (also in types) and file URLs. */
export function importsOf(source: string): readonly Import[] {
  const tokens = tokensOf(source);
  return tokens.flatMap((token, index) => importAt(tokens, index, token) ?? []);
}

function importAt(tokens: readonly Token[], index: number, token: Token): Import | undefined {
  if (token.kind !== "word") return undefined;
  if (token.text === "resolve") return resolvedUrl(tokens, index);
  if (isProperty(tokens, index)) return undefined;
  if (token.text === "import") return importFrom(tokens, index);
  if (token.text === "export") return exportFrom(tokens, index);
  if (token.text === "URL") return fileUrl(tokens, index);
  return undefined;
}

function isProperty(tokens: readonly Token[], index: number): boolean {
  return tokens[index - 1]?.text === "." || tokens[index + 1]?.text === ":";
}

function importFrom(tokens: readonly Token[], index: number): Import | undefined {
  const next = tokens[index + 1];
  if (next?.kind === "string") return { specifier: next.text, kind: "value", line: next.line };
  if (next?.text === "(") return dynamicImport(tokens, index);
  if (next?.text === ".") return undefined;
  return fromClause(tokens, index);
}

function dynamicImport(tokens: readonly Token[], index: number): Import | undefined {
  const argument = tokens[index + 2];
  if (argument?.kind !== "string" && argument?.kind !== "template") return undefined;
  return { specifier: argument.text, kind: "dynamic", line: argument.line };
}

function exportFrom(tokens: readonly Token[], index: number): Import | undefined {
  const first = tokens[index + 1]?.text === "type" ? tokens[index + 2] : tokens[index + 1];
  return first?.text === "{" || first?.text === "*" ? fromClause(tokens, index) : undefined;
}

/** The names between `import` or `export` and `from` hold only words, strings, commas, stars and braces. */
function fromClause(tokens: readonly Token[], index: number): Import | undefined {
  for (let at = index + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    const source = tokens[at + 1];
    if (token?.text === "from" && token.kind === "word" && source?.kind === "string") {
      return {
        specifier: source.text,
        kind: isTypeOnly(tokens.slice(index + 1, at)) ? "type" : "value",
        line: source.line,
      };
    }
    if (token?.kind === "punctuation" && !"{},*".includes(token.text)) return undefined;
  }
  return undefined;
}

/** `import type ...`, or braces in which every name is marked `type`. */
function isTypeOnly(clause: readonly Token[]): boolean {
  const texts = clause.map((token) => token.text);
  if (texts[0] === "type" && texts[1] !== ",") return true;
  if (texts[0] !== "{") return false;
  const names = texts.slice(1, texts.lastIndexOf("}")).join(" ").split(",");
  const written = names.map((name) => name.trim()).filter((name) => name !== "");
  return written.length > 0 && written.every((name) => name.startsWith("type "));
}

function fileUrl(tokens: readonly Token[], index: number): Import | undefined {
  const [open, path, comma, meta] = tokens.slice(index + 1, index + 5);
  if (open?.text !== "(" || path?.kind !== "string" || comma?.text !== "," || meta?.text !== "import")
    return undefined;
  // A URL of a folder is a place to look into, not a file that is used.
  if (!/\.\w+$/.test(path.text)) return undefined;
  return { specifier: path.text, kind: "file", line: path.line };
}

function resolvedUrl(tokens: readonly Token[], index: number): Import | undefined {
  const [meta, dot, , open, path] = tokens.slice(index - 2, index + 3);
  if (meta?.text !== "meta" || dot?.text !== "." || open?.text !== "(" || path?.kind !== "string")
    return undefined;
  return { specifier: path.text, kind: "file", line: path.line };
}
