import { CsvError, parse } from "csv-parse";
import { failed, ok } from "#core/kernel/result.ts";
import { rowLengthMax, unreadable, type FileRow } from "./file-row.ts";
import { outcomeColumns, subjectColumns, valueColumns } from "./outcome-draft.ts";

/** Most columns of a file. */
const columnsMax = 1_000;
/** Characters of a column's name, and columns, that a complaint shows. */
const shownLengthMax = 40;
const shownMax = 20;

/**
 * The rows of CSV (RFC 4180, any line ends), by the names of a header; empty lines are passed over.
 * @param ignoresUnknown whether a column may have another name than outcomes know
 * @throws AppError `invalid-request` for a header that cannot be used, and a quote that is not closed
 */
export async function* csvRows(
  text: AsyncIterable<string>,
  { ignoresUnknown }: { readonly ignoresUnknown: boolean },
): AsyncGenerator<FileRow> {
  let header: readonly string[] | undefined;
  for await (const { record, line } of recordsOf(text)) {
    if (header) yield rowOf(header, record, line);
    else header = checkedHeader(record, ignoresUnknown);
  }
  if (!header) throw unreadable("a row with the names of the columns", "the file is empty");
}

interface CsvRecord {
  readonly record: readonly string[];
  /** Its last one. */
  readonly line: number;
}

/** Records as they are read, those before a place that cannot be read included: the parser's own queue loses them there. */
async function* recordsOf(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const read: CsvRecord[] = [];
  const parser = parse({
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: rowLengthMax,
    on_record(record: string[], { lines }) {
      read.push({ record, line: lines });
      return null;
    },
  });
  // Its error comes to whoever writes.
  parser.on("error", () => undefined).resume();
  try {
    for await (const piece of text) {
      const problem = await done((callback) => parser.write(piece, callback));
      yield* read.splice(0);
      if (problem) throw failureOf(problem);
    }
    const problem = await done((callback) => parser.end(callback));
    yield* read.splice(0);
    if (problem) throw failureOf(problem);
  } finally {
    parser.destroy();
  }
}

function done(step: (callback: (error?: Error | null) => void) => void): Promise<Error | undefined> {
  return new Promise((resolve) => step((error) => resolve(error ?? undefined)));
}

function rowOf(header: readonly string[], record: readonly string[], line: number): FileRow {
  if (record.length !== header.length)
    return {
      line,
      content: failed({ wanted: `a row of ${header.length} cells`, actual: `one of ${record.length}` }),
    };
  return {
    line,
    content: ok(Object.fromEntries(header.map((name, at) => [name, (record[at] ?? "").trim()]))),
  };
}

function checkedHeader(record: readonly string[], ignoresUnknown: boolean): readonly string[] {
  const names = record.map((name) => name.trim());
  if (names.length > columnsMax)
    throw unreadable(`at most ${columnsMax} columns`, `there are ${names.length}`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw unreadable("each column once", `"${shown(twice)}" is there twice`);
  for (const wanted of [subjectColumns, valueColumns])
    if (!wanted.some((name) => names.includes(name)))
      throw unreadable(`a column ${wanted.join(", ")}`, `the columns are ${list(names)}`);
  const unknown = names.filter((name) => !outcomeColumns.includes(name));
  if (unknown.length > 0 && !ignoresUnknown)
    throw unreadable(
      `no column but ${outcomeColumns.join(", ")}`,
      `there are ${list(unknown)}; leave them out, or say that unknown ones are to be ignored`,
    );
  return names;
}

function list(names: readonly string[]): string {
  const some = names.slice(0, shownMax).map((name) => `"${shown(name)}"`);
  return `${some.join(", ")}${names.length > shownMax ? ", ..." : ""}`;
}

/** A name of a file that may be no text at all: short, and without what moves a terminal's cursor. */
function shown(name: string): string {
  const line = name.replaceAll(/\p{C}/gu, "?");
  return line.length > shownLengthMax ? `${line.slice(0, shownLengthMax)}...` : line;
}

function failureOf(error: Error): Error {
  if (!(error instanceof CsvError)) return error;
  const isLong = error.code === "CSV_MAX_RECORD_SIZE";
  return isLong || error.code === "CSV_QUOTE_NOT_CLOSED"
    ? unreadable(
        `a row of at most ${rowLengthMax} characters, and each quote closed`,
        isLong ? "a row is longer" : "a quote stays open to the end",
        error,
      )
    : unreadable("CSV", `it fails with ${error.code}`, error);
}
