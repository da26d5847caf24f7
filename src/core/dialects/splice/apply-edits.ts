import { documentOffset, type JsonSkeleton } from "#core/kernel/json-skeleton.ts";

/** A piece of a text to be replaced; `start` equal to `end` inserts. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with the edits made. Edits stand in the order of the text and do not overlap. */
export function editText(text: string, edits: readonly Edit[]): string {
  return pieces(
    edits,
    text.length,
    (start, end) => text.slice(start, end),
    (inserted) => inserted,
  ).join("");
}

/** A document with edits made: whole, or in pieces where it is large. */
export type SplicedBody = Buffer | readonly Buffer[];

/** Documents of up to this many bytes are written anew: one write more costs more than a copy of so much. */
const copiedBytesMax = 64 * 1024;

/**
 * The document with edits made that were found in its skeleton (as byte offsets); texts are written as UTF-8. A large
 * one comes in pieces, of which those that were not edited share its memory.
 */
export function editDocument(document: Buffer, skeleton: JsonSkeleton, edits: readonly Edit[]): SplicedBody {
  const placed = skeleton.cuts.length === 0 ? edits : edits.map((edit) => inDocument(skeleton, edit));
  if (document.length <= copiedBytesMax) return copyEdited(document, placed);
  return pieces(
    placed,
    document.length,
    (start, end) => document.subarray(start, end),
    (inserted) => Buffer.from(inserted, "utf8"),
  );
}

function inDocument(skeleton: JsonSkeleton, { start, end, text }: Edit): Edit {
  return { start: documentOffset(skeleton, start), end: documentOffset(skeleton, end), text };
}

/** The document with the edits made, written into one new buffer. */
function copyEdited(document: Buffer, edits: readonly Edit[]): Buffer {
  let length = document.length;
  for (const { start, end, text } of edits) length += Buffer.byteLength(text) - (end - start);
  const copy = Buffer.allocUnsafe(length);
  let at = 0;
  let read = 0;
  for (const { start, end, text } of edits) {
    at += document.copy(copy, at, read, start);
    at += copy.write(text, at);
    read = end;
  }
  document.copy(copy, at, read);
  return copy;
}

function pieces<Piece>(
  edits: readonly Edit[],
  length: number,
  kept: (start: number, end: number) => Piece,
  written: (text: string) => Piece,
): readonly Piece[] {
  const result: Piece[] = [];
  let at = 0;
  for (const edit of edits) {
    result.push(kept(at, edit.start), written(edit.text));
    at = edit.end;
  }
  return [...result, kept(at, length)];
}
