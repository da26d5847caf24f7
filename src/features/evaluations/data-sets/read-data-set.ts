import type { DataItem } from "#core/evaluations/data-item.ts";
import { itemOfRow, type ItemTerms, type ReadItem } from "#core/evaluations/data-set/item-of-row.ts";
import { Least, samplePriority } from "#core/evaluations/data-set/sample.ts";
import { SeenIds } from "#core/evaluations/data-set/seen-ids.ts";
import { createFilter, type PassedOver } from "#core/evaluations/data-set/selection.ts";
import { columnsIn, type DataSetOptions } from "./data-set-options.ts";
import type { ReadingReport } from "./reading-report.ts";
import { ReadingTally } from "./reading-tally.ts";
import { rawRows } from "./raw-rows.ts";
import { FileNotes } from "./reading/file-notes.ts";
import type { RawRow } from "./reading/raw-row.ts";
import { unreadable } from "./reading/unreadable.ts";

/** One reading of a data set. */
export interface DataSetReading {
  /** The chosen items in the order of the file; may be read once. Rows that are no items stop nothing. */
  readonly items: AsyncIterable<DataItem>;
  /** What it came to so far. */
  readonly report: () => ReadingReport;
}

/** Rows of a file, at most: 22 bytes for each id are held. */
const rowsMax = 20_000_000;

/**
 * Reads a file of rows, however large: what is held are the row under way and 11 to 22 bytes for each id. With a sample the
 * file is read twice.
 * @throws AppError `invalid-request`, while items are read, for a file that cannot be read, or not to its end
 */
export function readDataSet(path: string, options: DataSetOptions = {}): DataSetReading {
  const notes = new FileNotes();
  const tally = new ReadingTally(notes);
  return { items: chosenItems(path, options, { notes, tally }), report: () => tally.report() };
}

interface Reading {
  readonly notes: FileNotes;
  readonly tally: ReadingTally;
}

async function* chosenItems(
  path: string,
  options: DataSetOptions,
  reading: Reading,
): AsyncGenerator<DataItem> {
  const { tally } = reading;
  const choose = await chooser(path, options);
  const { limit = Number.POSITIVE_INFINITY } = options;
  let chosen = 0;
  for await (const batch of itemBatches(path, options, reading)) {
    for (const { item } of batch) {
      const reason = choose(item);
      if (reason !== undefined) {
        tally.passOver(reason);
        continue;
      }
      tally.select(item);
      yield item;
      if (++chosen === limit) return;
    }
  }
  tally.isWhole = true;
}

/** Says why an item is passed over. A sample is drawn before: its file is read for that. */
async function chooser(
  path: string,
  options: DataSetOptions,
): Promise<(item: DataItem) => PassedOver | undefined> {
  const filter = createFilter(options);
  const { sample } = options;
  if (!sample) return filter;
  const least = new Least(sample.size);
  const notes = new FileNotes();
  for await (const batch of itemBatches(path, options, { notes, tally: new ReadingTally(notes) }))
    for (const { item } of batch)
      if (filter(item) === undefined) least.add(samplePriority(sample.seed, item.id));
  const { largest } = least;
  return (item) => filter(item) ?? (samplePriority(sample.seed, item.id) <= largest ? undefined : "sample");
}

/** Items as rows bring them, a batch for each piece of the file. */
async function* itemBatches(
  path: string,
  options: DataSetOptions,
  { notes, tally }: Reading,
): AsyncGenerator<Iterable<ReadItem>> {
  const terms: ItemTerms = { columns: columnsIn(options), split: options.defaultSplit, seen: new SeenIds() };
  for await (const batch of rawRows(path, options, notes)) {
    yield itemsOf(batch, terms, tally);
    if (tally.rows > rowsMax)
      throw unreadable(path, { wanted: `at most ${rowsMax} rows`, actual: "there are more" });
  }
  if (tally.rows === 0) throw unreadable(path, { wanted: "a row", actual: "there is none" });
}

/** Taken one by one: a reader that stops leaves the rest of a batch uncounted. */
function* itemsOf(rows: Iterable<RawRow>, terms: ItemTerms, tally: ReadingTally): Generator<ReadItem> {
  for (const { line, content, tags, scorers } of rows) {
    const read = content.ok ? itemOfRow({ fields: content.value, tags, scorers }, terms) : content;
    if (!read.ok) {
      tally.refuse({ line, reason: read.error });
      continue;
    }
    tally.take(read.value);
    yield read.value;
  }
}
