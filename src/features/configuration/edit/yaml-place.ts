import {
  Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isSeq,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { TextEdit } from "./text-edit.ts";

/** An entry `name: value` in one line. */
export function entryText(name: string, value: object | string): string {
  const document = new Document({ [name]: value });
  if (isMap(document.contents)) document.contents.flow = true;
  // In one line however long, and without the braces around it.
  return document.toString({ lineWidth: 0 }).trim().slice(1, -1).trim();
}

/**
 * Puts an entry behind the last one of a map or list, in the way in which that is written.
 * @param entry `name: value` of a map, the value of a list
 */
export function appended(text: string, collection: YAMLMap | YAMLSeq, entry: string): TextEdit {
  const last = collection.items.at(-1);
  if (last === undefined) return emptyFilled(collection, entry);
  if (collection.flow === true) return inserted(endOf(last), `, ${entry}`);
  const [start] = rangeOf(collection);
  const indent = " ".repeat(start - lineStart(text, start));
  const line = `${indent}${isSeq(collection) ? "- " : ""}${entry}`;
  return lineBehind(text, endOf(last), line);
}

/** A line of its own behind the one that a place is in. */
export function lineBehind(text: string, place: number, line: string): TextEdit {
  // What ends with its line, as texts of several do, ends at the beginning of the next one.
  if (place > 0 && text[place - 1] === "\n") return inserted(place, `${line}\n`);
  const end = text.indexOf("\n", place);
  return end === -1 ? inserted(text.length, `\n${line}\n`) : inserted(end + 1, `${line}\n`);
}

function emptyFilled(collection: YAMLMap | YAMLSeq, entry: string): TextEdit {
  const [from, to] = rangeOf(collection);
  return { from, to, text: isSeq(collection) ? `[${entry}]` : `{ ${entry} }` };
}

function inserted(place: number, text: string): TextEdit {
  return { from: place, to: place, text };
}

/** Where what is written of an item ends: comments behind it are not of it. */
export function endOf(item: unknown): number {
  if (isPair(item)) {
    const hasValue = isNode(item.value) && rangeOf(item.value)[1] > rangeOf(item.value)[0];
    return endOf(hasValue ? item.value : item.key);
  }
  if (!isNode(item)) return 0;
  const last = isCollection(item) && item.flow !== true ? item.items.at(-1) : undefined;
  return last === undefined ? rangeOf(item)[1] : endOf(last);
}

/** Where a node begins and ends in the text that it was read from. */
export function rangeOf(node: Node): readonly [start: number, end: number] {
  const [start, end] = node.range ?? [0, 0];
  return [start, end];
}

/** Where the line of a place begins. */
export function lineStart(text: string, place: number): number {
  return text.lastIndexOf("\n", place - 1) + 1;
}
