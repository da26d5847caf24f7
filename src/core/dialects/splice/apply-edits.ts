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

/**
 * The document, in pieces, with edits made that were found in its skeleton (as byte offsets); texts are written as
 * UTF-8. What was not edited shares the document's memory.
 */
export function editDocument(
  document: Buffer,
  skeleton: JsonSkeleton,
  edits: readonly Edit[],
): readonly Buffer[] {
  return pieces(
    edits.map(({ start, end, text }) => ({
      start: documentOffset(skeleton, start),
      end: documentOffset(skeleton, end),
      text,
    })),
    document.length,
    (start, end) => document.subarray(start, end),
    (inserted) => Buffer.from(inserted, "utf8"),
  );
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
