import { isMap, isScalar, parseDocument, type Document } from "yaml";
import { AppError } from "#core/kernel/app-error.ts";
import { edited, type TextEdit } from "./text-edit.ts";
import { appended, lineBehind, rangeOf } from "./yaml-place.ts";

/** The text, with the version of the format where it has nothing but comments: what an entry can be added to. */
export function begun(text: string): string {
  if (parseDocument(text).contents !== null) return text;
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}version: 1\n`;
}

/** The text with an entry `name: value` behind the last one of a section. @throws AppError invalid-request */
export function withEntryIn(text: string, section: string, entry: string): string {
  const document = parseDocument(text, { stringKeys: true });
  return edited(text, [entryEdit(text, document, { section, entry })]);
}

function entryEdit(
  text: string,
  { contents }: Document.Parsed,
  { section, entry }: { readonly section: string; readonly entry: string },
): TextEdit {
  if (!isMap(contents)) throw unaddable(section);
  const isFlow = contents.flow === true;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === section);
  if (!pair) return appended(text, contents, isFlow ? `${section}: { ${entry} }` : `${section}:\n  ${entry}`);
  const { key, value } = pair;
  if (isMap(value)) return appended(text, value, entry);
  if (isFlow || !isScalar(value) || value.value !== null) throw unaddable(section);
  const [from, to] = rangeOf(value);
  return from < to ? { from, to, text: `{ ${entry} }` } : lineBehind(text, rangeOf(key)[1], `  ${entry}`);
}

/** Why nothing can be added to a place. */
export function unaddable(section: string): AppError {
  return new AppError(
    "invalid-request",
    `Cannot add to \`${section}\` of the configuration: a map written in its place is wanted, it is something else; write it into the configuration yourself`,
  );
}
