import { createReadStream } from "node:fs";
import { CsvError, parse, type Info } from "csv-parse";
import { AppError } from "#core/kernel/app-error.ts";
import { columnsOf } from "./columns.ts";
import type { ResultRows } from "./result-rows.ts";
import { RowReader } from "./row-reader.ts";

/** Rows of a file, at most: what is kept of more would not fit a process. */
const rowsMax = 5_000_000;
/** Characters of a row, at most: a quote that is not closed shows by it. */
const rowLengthMax = 1_000_000;

/**
 * Reads a CSV file of results: UTF-8 with or without a byte-order mark, any line ends, quoted fields. Rows that cannot be used
 * are counted and named; they stop nothing.
 * @throws AppError `invalid-request` for a file that cannot be read, has no usable header, too many rows, or a quote that is not closed
 */
export async function readResults(path: string): Promise<ResultRows> {
  const parser = createReadStream(path)
    .on("error", (error) => parser.destroy(error))
    .pipe(
      parse({
        bom: true,
        info: true,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        record_delimiter: ["\r\n", "\n", "\r"],
        max_record_size: rowLengthMax,
      }),
    );
  let reader: RowReader | undefined;
  let line = 0;
  try {
    // Its records are typed as any: with `info` each is one with its line.
    for await (const { record, info } of parser as AsyncIterable<{
      readonly record: readonly string[];
      readonly info: Info;
    }>) {
      line = info.lines;
      if (reader) reader.add(record, line);
      else reader = new RowReader(columnsOf(record, path), record);
      if (reader.rows > rowsMax) throw refused(path, `at most ${rowsMax} rows`, "more");
    }
  } catch (error) {
    throw failureOf(error, { path, line });
  }
  if (!reader) throw refused(path, "a header and rows", "an empty file");
  if (reader.variants > variantsMax) {
    throw refused(path, `at most ${variantsMax} variants`, `${reader.variants}`);
  }
  const results = reader.result();
  if (results.unit.length === 0) throw refused(path, "a row that can be used", rowsText(results));
  return results;
}

/** What there is instead of rows that can be used. */
function rowsText({ rowsRead, droppedRows }: ResultRows): string {
  if (rowsRead === 0) return "a header alone";
  const reasons = droppedRows.map(({ reason, lines }) => `${reason} (line ${lines.join(", ")})`);
  return `${rowsRead} that cannot: ${reasons.slice(0, 5).join("; ")}`;
}

/** Variants of a file, at most: more are no variants, but another column. */
const variantsMax = 50;

function failureOf(
  error: unknown,
  { path, line }: { readonly path: string; readonly line: number },
): unknown {
  if (error instanceof CsvError) {
    if (error.code === "CSV_MAX_RECORD_SIZE") {
      const wanted = `rows of at most ${rowLengthMax} characters, and every quoted field closed`;
      return refused(path, wanted, `a longer one after line ${line}`, error);
    }
    const isOpen = error.code === "CSV_QUOTE_NOT_CLOSED";
    const actual = isOpen ? `one that is open from after line ${line}` : `${error.code} after line ${line}`;
    return refused(path, "every quoted field closed", actual, error);
  }
  if (!(error instanceof Error) || !("code" in error) || error instanceof AppError) return error;
  return refused(path, "a file that can be read", String(error.code), error);
}

function refused(path: string, wanted: string, actual: string, cause?: unknown): AppError {
  return new AppError("invalid-request", `Cannot read "${path}": wanted ${wanted}, got ${actual}`, { cause });
}
