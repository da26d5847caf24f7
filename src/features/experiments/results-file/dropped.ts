/** Line numbers that are named for one reason, at most. */
const linesMax = 10;

/** Rows or values that were left out for one reason. */
export interface Dropped {
  readonly reason: string;
  readonly count: number;
  /** The first ten lines of the file, from 1. */
  readonly lines: readonly number[];
}

/** Counts what is left out, by reason. */
export class DroppedCounter {
  readonly #byReason = new Map<string, { count: number; readonly lines: number[] }>();

  add(reason: string, line: number): void {
    const known = this.#byReason.get(reason) ?? { count: 0, lines: [] };
    known.count++;
    if (known.lines.length < linesMax) known.lines.push(line);
    this.#byReason.set(reason, known);
  }

  /** From the most frequent reason to the rarest. */
  all(): readonly Dropped[] {
    return [...this.#byReason]
      .map(([reason, { count, lines }]) => ({ reason, count, lines }))
      .toSorted((a, b) => b.count - a.count);
  }
}
