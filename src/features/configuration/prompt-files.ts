import { isMap, isScalar, parseDocument } from "yaml";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { endOf, lineBehind, lineStart, rangeOf } from "./edit/yaml-place.ts";
import { edited } from "./edit/text-edit.ts";

/** A file in the folder `prompts`. */
export interface PromptFile {
  /** The prompt's name: the file's without its ending. */
  readonly name: string;
  /** `prompts/support.yaml` */
  readonly file: string;
  readonly text: string;
}

/** Comments that mark where a file begins and ends in the text that it was put into. */
const beginMark = "#@ ";
const endMark = "#@ end";

/**
 * Puts the files of the folder `prompts` into the text of signalbox.yaml, so that one text says all that is in force: it
 * is what versions keep, go back to and show. Marks say where each file begins and ends, for the places of problems.
 * @returns why that cannot be, where signalbox.yaml is written in a way that nothing can be added to
 */
export function withPromptFiles(text: string, files: readonly PromptFile[]): Result<string, string> {
  if (files.length === 0) return ok(text);
  const document = parseDocument(text, { stringKeys: true });
  // What is no YAML is told by whoever loads it.
  if (document.errors.length > 0) return ok(text);
  const { contents } = document;
  if (contents === null) return ok(`${lineEnded(text)}version: 1\nprompts:\n${entries(files, "  ")}`);
  if (!isMap(contents) || contents.flow === true)
    return failed("a map in lines, so that files can be put into it");
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === "prompts");
  if (!pair) {
    const indent = indentOf(text, rangeOf(contents)[0]);
    return ok(`${lineEnded(text)}${indent}prompts:\n${entries(files, `${indent}  `)}`);
  }
  const { key, value } = pair;
  if (isMap(value) && value.flow !== true && value.items.length > 0) {
    const lines = entries(files, indentOf(text, rangeOf(value)[0])).trimEnd();
    return ok(edited(text, [lineBehind(text, endOf(value), lines)]));
  }
  const isEmpty = value === null || (isScalar(value) && value.value === null && isBare(value.range));
  if (!isEmpty || !isScalar(key))
    return failed("`prompts` as a map in lines, so that files can be put into it");
  const lines = entries(files, `${indentOf(text, rangeOf(key)[0])}  `).trimEnd();
  return ok(edited(text, [lineBehind(text, rangeOf(key)[1], lines)]));
}

/** A place, and the file that it is in where that is another one than the text's own. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
  readonly file?: string;
}

/** Makes what tells for a place of such a text in which file it is, and where. */
export function filePlaces(text: string): (line: number, column: number) => FilePlace {
  if (!text.includes(beginMark)) return (line, column) => ({ line, column });
  const places = placedLines(text);
  return (line, column) => {
    const known = places[line - 1];
    if (!known) return { line, column };
    if (known.file === undefined) return { line: known.line, column };
    return { file: known.file, line: known.line, column: Math.max(1, column - known.indent) };
  };
}

interface PlacedLine {
  readonly line: number;
  readonly file?: string;
  readonly indent: number;
}

/** Of each line, which it is in its own file. */
function placedLines(text: string): readonly PlacedLine[] {
  const placed: PlacedLine[] = [];
  let own = 0;
  let inside: { readonly file: string; readonly indent: number; line: number } | undefined;
  for (const line of text.split("\n")) {
    const begun = /^( *)\S+: #@ (prompts\/\S+)$/.exec(line);
    if (begun) {
      const [, spaces = "", file = ""] = begun;
      inside = { file, indent: spaces.length + 2, line: 0 };
      placed.push({ file, line: 1, indent: line.length });
    } else if (inside) {
      inside.line += 1;
      placed.push({ file: inside.file, line: inside.line, indent: inside.indent });
      if (line.trim() === endMark) inside = undefined;
    } else {
      own += 1;
      placed.push({ line: own, indent: 0 });
    }
  }
  return placed;
}

function entries(files: readonly PromptFile[], indent: string): string {
  return files.map((file) => entry(file, indent)).join("");
}

function entry({ name, file, text }: PromptFile, indent: string): string {
  // A file may begin with the mark of a document, which only a file may have.
  const lines = text
    .replace(/^---[ \t]*(?=\r?\n|$)/, "#---")
    .replace(/\n$/, "")
    .split("\n");
  const deeper = lines.map((line) => (line === "" ? "" : `${indent}  ${line}`)).join("\n");
  return `${indent}${name}: ${beginMark}${file}\n${deeper}\n${indent}  ${endMark}\n`;
}

function lineEnded(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function indentOf(text: string, place: number): string {
  return " ".repeat(place - lineStart(text, place));
}

function isBare(range: readonly number[] | null | undefined): boolean {
  return range?.[0] === range?.[1];
}
