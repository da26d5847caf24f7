/** How a text is cut, characters. */
export interface ChunkSize {
  /** Longest piece. */
  readonly size: number;
  /** What stands in the piece before, too; less than half of `size`. */
  readonly overlap: number;
}

/**
 * Cuts a text into pieces, each of at most `size` characters, where there is one at the end of a paragraph, a line, a
 * sentence or a word in its last quarter. No character is lost, and no surrogate pair is cut.
 */
export function textChunks(text: string, { size, overlap }: ChunkSize): readonly string[] {
  const chunks: string[] = [];
  let start = 0;
  while (text.length - start > size) {
    const end = cutBetween(text, start + Math.ceil(size * 0.75), start + size);
    chunks.push(text.slice(start, end));
    start = whole(text, Math.max(end - overlap, start + 1));
  }
  return [...chunks, text.slice(start)];
}

const joints = ["\n\n", "\n", ". ", " "];

/** The best place to cut, behind `from` and not behind `to`. */
function cutBetween(text: string, from: number, to: number): number {
  // Only here: to look for a joint that is nowhere would else take the whole text for each piece.
  const near = text.slice(from, to);
  for (const joint of joints) {
    const at = near.lastIndexOf(joint);
    if (at !== -1) return from + at + joint.length;
  }
  return whole(text, to);
}

/** The same place, or the one before it where it would cut a surrogate pair. */
function whole(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
