import { rowLengthMax } from "./raw-row.ts";

/** One element of a list, as its bytes. */
export interface JsonElement {
  /** The line where it begins, from 1. */
  readonly line: number;
  /** Undefined where it is longer than `rowLengthMax`. */
  readonly bytes: Buffer | undefined;
}

/** What of a JSON file the list of its elements is. */
export type ListPlace =
  /** Not yet found. */
  | { readonly kind: "none" }
  /** The file itself. */
  | { readonly kind: "top" }
  /** What a key of the file's object holds. */
  | { readonly kind: "key"; readonly key: string };

const byte = {
  lineFeed: 0x0a,
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  backslash: 0x5c,
  openList: 0x5b,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** Longest key that may name the list, bytes. */
const keyLengthMax = 100;

/**
 * Cuts the elements of a list out of JSON that comes in chunks: the list that is the file, or the first list that is the value
 * of one of some keys of the object that is the file. Knows brackets and quotes alone, so that an element that is broken
 * leaves the next one readable wherever its brackets and quotes are in pairs.
 */
export class JsonElements {
  readonly #keys: ReadonlySet<string>;
  #place: ListPlace = { kind: "none" };
  /** Brackets that are open. */
  #depth = 0;
  /** Brackets that are open around an element of the list; undefined outside of the list. */
  #listDepth: number | undefined;
  #isOver = false;
  #inString = false;
  #isEscaped = false;
  #line = 1;
  /** The last text in the outermost object, which may be a key. */
  #text: number[] = [];
  #key: string | undefined;
  /** The element under way. */
  #begun: { line: number; pieces: Buffer[]; length: number } | undefined;

  constructor(keys: ReadonlySet<string>) {
    this.#keys = keys;
  }

  /** Where the list was found. */
  get place(): ListPlace {
    return this.#place;
  }

  /** Whether the list came to its end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The element under way when the file ended; undefined where there is none. */
  get cutOff(): { readonly line: number } | undefined {
    return this.#begun;
  }

  /** The elements that end in a chunk. */
  *in(chunk: Buffer): Generator<JsonElement> {
    let from = 0;
    for (let at = 0; at < chunk.length && !this.#isOver; at++) {
      const code = chunk[at] ?? 0;
      if (code === byte.lineFeed) this.#line++;
      if (this.#listDepth === undefined) {
        this.#seek(code);
        continue;
      }
      const isBetween = !this.#inString && this.#depth === this.#listDepth;
      if (isBetween && (code === byte.comma || code === byte.closeList)) {
        if (this.#begun) yield this.#ended(chunk.subarray(from, at));
        if (code === byte.closeList) this.#isOver = true;
        continue;
      }
      if (!this.#begun) {
        if (isBlank(code)) continue;
        this.#begun = { line: this.#line, pieces: [], length: 0 };
        from = at;
      }
      this.#follow(code, this.#listDepth);
    }
    // A copy: what a chunk is in is used again.
    if (this.#begun) this.#keep(Buffer.from(chunk.subarray(from)));
  }

  /** Looks for the list, outside of it. */
  #seek(code: number): void {
    if (!this.#inString && code === byte.openList && this.#beginsList()) return;
    const wasInString = this.#inString;
    this.#follow(code, 0);
    if (this.#depth !== 1) return;
    if (this.#inString) {
      if (!wasInString) this.#text = [];
      else if (this.#text.length < keyLengthMax) this.#text.push(code);
    } else if (code === byte.colon) this.#key = Buffer.from(this.#text).toString("utf8");
    else if (code === byte.comma) this.#key = undefined;
  }

  #beginsList(): boolean {
    if (this.#depth === 0) this.#place = { kind: "top" };
    else if (this.#depth === 1 && this.#key !== undefined && this.#keys.has(this.#key))
      this.#place = { kind: "key", key: this.#key };
    else return false;
    this.#listDepth = ++this.#depth;
    return true;
  }

  /** @param depthMin a bracket too many closes nothing beyond */
  #follow(code: number, depthMin: number): void {
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (code === byte.backslash) this.#isEscaped = true;
      else if (code === byte.quote) this.#inString = false;
    } else if (code === byte.quote) this.#inString = true;
    else if (code === byte.openList || code === byte.openObject) this.#depth++;
    else if ((code === byte.closeList || code === byte.closeObject) && this.#depth > depthMin) this.#depth--;
  }

  #keep(piece: Buffer): void {
    const begun = this.#begun;
    if (!begun) return;
    begun.length += piece.length;
    if (begun.length > rowLengthMax) begun.pieces = [];
    else begun.pieces.push(piece);
  }

  #ended(piece: Buffer): JsonElement {
    this.#keep(piece);
    const { line = 0, pieces = [], length = 0 } = this.#begun ?? {};
    this.#begun = undefined;
    return { line, bytes: length > rowLengthMax ? undefined : Buffer.concat(pieces) };
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
