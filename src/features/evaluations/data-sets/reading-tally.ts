import type { DataItem } from "#core/evaluations/data-item.ts";
import { DataSetDigest } from "#core/evaluations/data-set/data-set-digest.ts";
import type { ReadItem } from "#core/evaluations/data-set/item-of-row.ts";
import type { PassedOver } from "#core/evaluations/data-set/selection.ts";
import type { FileNotes } from "./reading/file-notes.ts";
import type { ReadingReport, RefusedRow } from "./reading-report.ts";

/** Refused rows that are shown one by one. */
const shownMax = 20;
/** Different names of a kind that are counted: reasons, splits and fields come from files. */
const namesMax = 200;
/** Where further names are counted. */
const others = "(others)";

/** Counts by name, of a bounded number of names. */
class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    const counted = this.#counts.has(name) || this.#counts.size < namesMax ? name : others;
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + count);
  }

  /** From the most frequent to the rarest. */
  entries(): readonly (readonly [string, number])[] {
    return [...this.#counts].toSorted(([, a], [, b]) => b - a);
  }
}

/** Counts what becomes of the rows of a data set, in bounded memory. */
export class ReadingTally {
  readonly #notes: FileNotes;
  readonly #refused = new Counts();
  readonly #first: RefusedRow[] = [];
  readonly #passedOver = new Map<PassedOver, number>();
  readonly #splits = new Counts();
  readonly #present = new Counts();
  readonly #digest = new DataSetDigest();
  #rows = 0;
  #items = 0;
  #selected = 0;
  #madeIds = 0;
  #repeatedRows = 0;
  /** Whether the file was read to its end. */
  isWhole = false;

  constructor(notes: FileNotes) {
    this.#notes = notes;
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  refuse(row: RefusedRow): void {
    this.#rows++;
    this.#refused.add(row.reason);
    if (this.#first.length < shownMax) this.#first.push(row);
  }

  /** Takes a row that became an item. */
  take({ item, isMadeId, isRepeated }: ReadItem): void {
    this.#rows++;
    this.#items++;
    if (isMadeId) this.#madeIds++;
    if (isRepeated) this.#repeatedRows++;
    if (item.split !== undefined) this.#splits.add(item.split);
    for (const name in item.fields) this.#present.add(name, isThere(item.fields[name]) ? 1 : 0);
  }

  passOver(reason: PassedOver): void {
    this.#passedOver.set(reason, (this.#passedOver.get(reason) ?? 0) + 1);
  }

  select(item: DataItem): void {
    this.#selected++;
    this.#digest.add(item);
  }

  report(): ReadingReport {
    const { bytes, isCompressed, hasByteOrderMark, hasCrLf, others: notes } = this.#notes;
    return {
      isWhole: this.isWhole,
      rows: this.#rows,
      items: this.#items,
      selected: this.#selected,
      passedOver: Object.fromEntries(this.#passedOver),
      refused: this.#refused.entries().map(([reason, count]) => ({ reason, count })),
      firstRefused: this.#first,
      madeIds: this.#madeIds,
      repeatedRows: this.#repeatedRows,
      splits: Object.fromEntries(this.#splits.entries()),
      missing: Object.fromEntries(this.#missing()),
      digest: this.#digest.hex(),
      bytes,
      isCompressed,
      hasByteOrderMark,
      hasCrLf,
      notes,
    };
  }

  #missing(): readonly (readonly [string, number])[] {
    return this.#present
      .entries()
      .filter(([name, count]) => name !== others && count < this.#items)
      .map(([name, count]) => [name, this.#items - count] as const);
  }
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
