import { isUtf8 } from "node:buffer";
import { CsvError, parse } from "csv-parse";
import { failed, ok } from "#core/kernel/result.ts";
import { sizeText } from "#core/kernel/size-text.ts";
import type { FileNotes } from "./file-notes.ts";
import { notUtf8, rowLengthMax, type RawRow } from "./raw-row.ts";
import { unreadable } from "./unreadable.ts";

/** Bytes that are parsed at once: with 64 KB the rows of a piece outlive collections, and a million rows take 100 MB more. */
const pieceBytes = 8_192;
/** Most columns of a file. */
const columnsMax = 2_000;

/**
 * The rows of CSV (RFC 4180, any line ends), by the names of its header; empty lines are passed over, cells stay as they are.
 * @param name what the file is called in errors
 * @throws AppError `invalid-request` for a header that cannot be used, and a quote that is not closed
 */
export async function* csvRows(
  chunks: AsyncIterable<Buffer>,
  {
    name,
    delimiter,
    notes,
  }: { readonly name: string; readonly delimiter: string; readonly notes: FileNotes },
): AsyncGenerator<Iterable<RawRow>> {
  let header: readonly string[] | undefined;
  for await (const records of recordsOf(chunks, { name, delimiter, notes })) {
    const [first] = records;
    if (!first) continue;
    const names: readonly string[] = header ?? columnsOf(first.cells, name);
    yield rowsOf(header ? records : records.slice(1), names);
    header = names;
  }
}

interface CsvRecord {
  /** Undefined where one of them is no UTF-8. */
  readonly cells: readonly string[] | undefined;
  /** Its last one. */
  readonly line: number;
}

/** Records as they are read, those before a place that cannot be read included: the parser's own queue loses them there. */
async function* recordsOf(
  chunks: AsyncIterable<Buffer>,
  {
    name,
    delimiter,
    notes,
  }: { readonly name: string; readonly delimiter: string; readonly notes: FileNotes },
): AsyncGenerator<readonly CsvRecord[]> {
  const read: CsvRecord[] = [];
  const parser = parse({
    // Cells come as bytes, so that broken ones show in their own row.
    encoding: null,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: rowLengthMax,
    on_record(cells: readonly unknown[], { lines }) {
      // Without an encoding cells are buffers, which its types do not say.
      read.push({ cells: textsOf(cells as readonly Buffer[]), line: lines });
      return null;
    },
  });
  // Its error comes to whoever writes.
  parser.on("error", () => undefined).resume();
  try {
    for await (const chunk of chunks) {
      notes.hasCrLf ||= chunk.includes("\r\n");
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        // A copy: the parser keeps what a row begins with, and what a chunk is in is used again.
        const piece = Buffer.from(chunk.subarray(at, at + pieceBytes));
        const problem = await done((callback) => parser.write(piece, callback));
        yield read.splice(0);
        if (problem) throw failureOf(problem, name);
      }
    }
    const problem = await done((callback) => parser.end(callback));
    yield read.splice(0);
    if (problem) throw failureOf(problem, name);
  } finally {
    parser.destroy();
  }
}

function done(step: (callback: (error?: Error | null) => void) => void): Promise<Error | undefined> {
  return new Promise((resolve) => step((error) => resolve(error ?? undefined)));
}

function textsOf(cells: readonly Buffer[]): readonly string[] | undefined {
  return cells.every((cell) => isUtf8(cell)) ? cells.map((cell) => cell.toString("utf8")) : undefined;
}

function columnsOf(cells: readonly string[] | undefined, name: string): readonly string[] {
  if (!cells) throw unreadable(name, { wanted: "a header in UTF-8", actual: "it holds other bytes" });
  if (cells.length > columnsMax)
    throw unreadable(name, { wanted: `at most ${columnsMax} columns`, actual: `there are ${cells.length}` });
  const columns = cells.map((cell, at) => cell.trim() || `column_${at + 1}`);
  const seen = new Set<string>();
  for (const [at, column] of columns.entries()) {
    if (seen.has(column))
      throw unreadable(name, {
        wanted: "each column once",
        actual: `column ${at + 1} has the name of an earlier one`,
      });
    seen.add(column);
  }
  return columns;
}

function* rowsOf(records: readonly CsvRecord[], columns: readonly string[]): Generator<RawRow> {
  for (const record of records) yield rowOf(record, columns);
}

function rowOf({ cells, line }: CsvRecord, columns: readonly string[]): RawRow {
  if (!cells) return { line, content: failed(notUtf8) };
  if (cells.length !== columns.length)
    return { line, content: failed(`${cells.length} cells instead of ${columns.length}`) };
  return { line, content: ok(Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ""]))) };
}

function failureOf(cause: Error, name: string): Error {
  if (!(cause instanceof CsvError)) return cause;
  const isLong = cause.code === "CSV_MAX_RECORD_SIZE";
  if (!isLong && cause.code !== "CSV_QUOTE_NOT_CLOSED")
    return unreadable(name, { wanted: "CSV", actual: `it fails with ${cause.code}`, cause });
  const wanted = `a row of at most ${sizeText(rowLengthMax)}, and each quote closed`;
  return unreadable(name, {
    wanted,
    actual: isLong ? "a row is longer" : "a quote stays open to the end",
    cause,
  });
}
