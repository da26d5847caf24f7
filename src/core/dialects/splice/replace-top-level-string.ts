import { jsonSkeleton } from "#core/kernel/json-skeleton.ts";
import { editDocument, editText, type Edit } from "./apply-edits.ts";
import { isAtEnd, scanObject } from "./scan-object.ts";

/**
 * The text of a JSON object with the string under a top-level key replaced; every other character stays. A text that
 * is no object, or where no string stands under the key, comes back as it is (`[DONE]`, a vendor's frame without id).
 */
export function replaceTopLevelString(text: string, key: string, value: string): string {
  const edits = editsOf(text, key, JSON.stringify(value));
  return edits === undefined ? text : editText(text, edits);
}

/** The same on UTF-8 bytes; `undefined` when there is nothing to replace. */
export function replaceTopLevelStringInBytes(bytes: Buffer, key: string, value: string): Buffer | undefined {
  const skeleton = jsonSkeleton(bytes);
  const edits = editsOf(skeleton.bytes.toString("latin1"), key, JSON.stringify(value));
  if (!edits) return undefined;
  const edited = editDocument(bytes, skeleton, edits);
  return Buffer.isBuffer(edited) ? edited : Buffer.concat(edited);
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
