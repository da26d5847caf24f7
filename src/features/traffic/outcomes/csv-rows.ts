import { Readable } from "node:stream";
import { CsvError, parse, type Info } from "csv-parse";
import { AppError } from "#core/kernel/app-error.ts";
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
  const source = Readable.from(text);
  const parser = parse({
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: rowLengthMax,
  });
  source.on("error", (error) => parser.destroy(error)).pipe(parser);
  let header: readonly string[] | undefined;
  try {
    // Its records are typed as any: with `info` each is one with its line.
    for await (const { record, info } of parser as AsyncIterable<{
      readonly record: readonly string[];
      readonly info: Info;
    }>) {
      if (header) yield rowOf(header, record, info.lines);
      else header = checkedHeader(record, ignoresUnknown);
    }
  } catch (error) {
    throw failureOf(error);
  } finally {
    source.destroy();
  }
  if (!header) throw unreadable("a row with the names of the columns", "the file is empty");
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

function failureOf(error: unknown): unknown {
  if (!(error instanceof CsvError) || error instanceof AppError) return error;
  const isLong = error.code === "CSV_MAX_RECORD_SIZE";
  return isLong || error.code === "CSV_QUOTE_NOT_CLOSED"
    ? unreadable(
        `a row of at most ${rowLengthMax} characters, and each quote closed`,
        isLong ? "a row is longer" : "a quote stays open to the end",
        error,
      )
    : unreadable("CSV", `it fails with ${error.code}`, error);
}
