import type { FileNotes } from "./file-notes.ts";
import { rowLengthMax } from "./raw-row.ts";

/** A line of a file, without its end. */
export interface ByteLine {
  /** From 1. */
  readonly line: number;
  /** Undefined where it is longer than `rowLengthMax`: it is passed over without being held. */
  readonly bytes: Buffer | undefined;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Splits bytes into lines (LF or CR LF), as many at once as a chunk brings; empty ones are counted alone. */
export async function* byteLines(
  chunks: AsyncIterable<Buffer>,
  notes: FileNotes,
): AsyncGenerator<Iterable<ByteLine>> {
  const splitter = new Splitter(notes);
  for await (const chunk of chunks) yield splitter.linesIn(chunk);
  yield splitter.rest();
}

class Splitter {
  readonly #notes: FileNotes;
  /** Pieces of the line that is not at its end, and their length; pieces are forgotten once it is too long. */
  #begun: Buffer[] = [];
  #length = 0;
  #line = 1;

  constructor(notes: FileNotes) {
    this.#notes = notes;
  }

  /** One by one: what is made of a line may go before the next is looked at. */
  *linesIn(chunk: Buffer): Generator<ByteLine> {
    let from = 0;
    for (;;) {
      from = this.#behindEmpty(chunk, from);
      const end = chunk.indexOf(lineFeed, from);
      if (end === -1) break;
      yield this.#ended(chunk.subarray(from, end));
      from = end + 1;
    }
    // A copy: what a chunk is in is used again.
    this.#begin(Buffer.from(chunk.subarray(from)));
  }

  /** Where empty lines end. A file may be made of them alone: nothing but a count is spent on each. */
  #behindEmpty(chunk: Buffer, from: number): number {
    if (this.#length > 0) return from;
    let place = from;
    while (chunk[place] === lineFeed) place++;
    this.#line += place - from;
    return place;
  }

  /** The last line, where it has no end. */
  rest(): readonly ByteLine[] {
    return this.#length === 0 ? [] : [this.#ended(Buffer.alloc(0))];
  }

  #begin(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > rowLengthMax) this.#begun = [];
    else if (piece.length > 0) this.#begun.push(piece);
  }

  #ended(piece: Buffer): ByteLine {
    this.#begin(piece);
    const isHeld = this.#length <= rowLengthMax;
    const [only = Buffer.alloc(0), ...more] = this.#begun;
    const whole = more.length === 0 ? only : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#length = 0;
    const hasReturn = isHeld && whole.at(-1) === carriageReturn;
    if (hasReturn) this.#notes.hasCrLf = true;
    const bytes = hasReturn ? whole.subarray(0, -1) : whole;
    return { line: this.#line++, bytes: isHeld ? bytes : undefined };
  }
}
