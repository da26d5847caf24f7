import { isJsonObject, type Json } from "#core/kernel/json.ts";
import { jsonSkeleton } from "#core/kernel/json-skeleton.ts";
import { editDocument, editText, type Edit } from "./apply-edits.ts";
import { isAtEnd, scanObject, skipSpace } from "./scan-object.ts";

/**
 * The text of a JSON object with the string under a top-level key replaced; every other character stays. A text that
 * is no object, or where no string stands under the key, comes back as it is (`[DONE]`, a vendor's frame without id).
 */
export function replaceTopLevelString({ text, json }: JsonText, key: string, value: string): string {
  const written = JSON.stringify(value);
  const only = onlyString(text, key, json);
  if (only) return text.slice(0, only.start) + written + text.slice(only.end);
  const edits = editsOf(text, key, written);
  return edits === undefined ? text : editText(text, edits);
}

/** A JSON text, and what it parses to, where it has been parsed. */
export interface JsonText {
  readonly text: string;
  readonly json?: Json;
}

/** A JSON document as it came, and what it parses to, where it has been parsed. */
export interface JsonDocument {
  /** UTF-8. */
  readonly bytes: Buffer;
  readonly json?: Json;
}

/** The same on a document's bytes; `undefined` when there is nothing to replace. */
export function replaceTopLevelStringInBytes(
  document: JsonDocument,
  key: string,
  value: string,
): Buffer | undefined {
  const skeleton = jsonSkeleton(document.bytes);
  const text = skeleton.bytes.toString("latin1");
  const written = JSON.stringify(value);
  const only = skeleton.cuts.length === 0 ? onlyString(text, key, document.json) : undefined;
  if (only) {
    const { start, end } = only;
    return Buffer.from(text.slice(0, start) + latin1(written) + text.slice(end), "latin1");
  }
  const edits = editsOf(text, key, written);
  if (!edits) return undefined;
  const edited = editDocument(document.bytes, skeleton, edits);
  return Buffer.isBuffer(edited) ? edited : Buffer.concat(edited);
}

/** The UTF-8 bytes of a text, a character each. */
function latin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/**
 * Where the string under a top-level key stands, if the key's word is nowhere else: no need to scan the grammar then, as
 * what the text parses to says that there is such a member. An escape could spell the key in another way.
 */
function onlyString(
  text: string,
  key: string,
  json: Json | undefined,
): { readonly start: number; readonly end: number } | undefined {
  if (!isJsonObject(json) || typeof json[key] !== "string" || text.includes("\\u")) return undefined;
  const word = `${key}"`;
  const at = text.indexOf(word);
  if (at === -1 || text.includes(word, at + word.length)) return undefined;
  const colon = skipSpace(text, at + word.length);
  const start = skipSpace(text, colon + 1);
  if (text[colon] !== ":" || text[start] !== '"') return undefined;
  const end = text.indexOf('"', start + 1);
  // A string with escapes may go on behind its first quote.
  return end === -1 || text.slice(start, end).includes("\\") ? undefined : { start, end: end + 1 };
}

/** Each string under the key, where it stands more than once: parsers disagree on which one counts. */
function editsOf(text: string, key: string, written: string): readonly Edit[] | undefined {
  const scan = scanObject(text);
  if (!scan || !isAtEnd(text, scan.end)) return undefined;
  const edits = scan.members
    .filter((member) => member.key === key && text[member.valueStart] === '"')
    .map((member) => ({ start: member.valueStart, end: member.valueEnd, text: written }));
  return edits.length === 0 ? undefined : edits;
}
