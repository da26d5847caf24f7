import { failed } from "#core/kernel/result.ts";
import { byteLines, type ByteLine } from "./byte-lines.ts";
import type { FileNotes } from "./file-notes.ts";
import { jsonContent } from "./json-row.ts";
import { tooLong, type RawRow } from "./raw-row.ts";

/** The rows of JSON Lines: an object a line; lines without anything are passed over. */
export async function* jsonLines(
  chunks: AsyncIterable<Buffer>,
  notes: FileNotes,
): AsyncGenerator<Iterable<RawRow>> {
  for await (const lines of byteLines(chunks, notes)) yield rowsOf(lines);
}

function* rowsOf(lines: Iterable<ByteLine>): Generator<RawRow> {
  for (const { line, bytes } of lines) {
    if (bytes === undefined) yield { line, content: failed(tooLong) };
    else if (!isBlank(bytes)) yield { line, content: jsonContent(bytes) };
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
