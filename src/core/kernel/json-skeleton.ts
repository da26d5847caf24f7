import type { Json } from "#core/kernel/json.ts";
import { utf8Text } from "#core/kernel/utf8-text.ts";

/** Documents of at least this many bytes are looked through; JSON.parse is faster with what is smaller. */
const documentBytesMin = 65_536;
/** Strings of at least this many bytes are cut out. */
const longStringBytesMin = 1_024;
/**
 * Bytes for each quote that a document has at least where cutting pays. With more quotes than that, as in prose with
 * escaped ones or in declarations of tools, finding them costs more than `JSON.parse` of everything: a body of 400 KB of
 * such turns is read in 1.4 ms cut and 0.5 ms whole, one of base64 in 0.14 and 0.43 (the least of 12 runs that keep no
 * value, Node 26.10, 2026-11-25; where values are kept, collecting garbage makes the difference smaller).
 */
const bytesPerQuoteMin = 512;
/** Documents larger than this are cut in any case: whoever looks at them after us saves what finding the quotes costs. */
const wholeBytesMax = 524_288;

/** Stands at the beginning of every placeholder: U+FFFF, which is no character. */
const mark = "\uffff";
const markBytes = Buffer.from(mark, "utf8");

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/**
 * A JSON document whose long strings are cut out, so that everything that looks at each byte looks at few: an image of
 * 8 MB costs a search for its quotes.
 */
export interface JsonSkeleton {
  /** The document with `"\uffff<number>"` in place of each string cut out. */
  readonly bytes: Buffer;
  /** What was cut out, in the order of the document; the number in the placeholder counts them from 0. */
  readonly cuts: readonly Cut[];
}

/** A long string, its quotes included: where it was, and where its placeholder is. Ends are exclusive. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly placeholderStart: number;
  readonly placeholderEnd: number;
}

/** Skeletons of documents that somebody still has: a request is looked through once, and used in several places. */
const known = new WeakMap<Buffer, JsonSkeleton>();

/**
 * Cuts the long strings out of a document, which must not change any more. Bytes that are no JSON give a skeleton that
 * is none either.
 */
export function jsonSkeleton(document: Buffer): JsonSkeleton {
  if (document.length < documentBytesMin) return { bytes: document, cuts: [] };
  const before = known.get(document);
  if (before) return before;
  const skeleton = cutDocument(document);
  known.set(document, skeleton);
  return skeleton;
}

function cutDocument(document: Buffer): JsonSkeleton {
  const strings = longStrings(document);
  // A document that holds the mark itself, in whichever form, could forge a placeholder.
  if (strings.length === 0 || holdsMark(document)) return { bytes: document, cuts: [] };
  const pieces: Buffer[] = [];
  const cuts: Cut[] = [];
  let kept = 0;
  let length = 0;
  for (const { start, end } of strings) {
    const placeholder = Buffer.from(`"${mark}${cuts.length}"`, "utf8");
    pieces.push(document.subarray(kept, start), placeholder);
    const placeholderStart = length + start - kept;
    length = placeholderStart + placeholder.length;
    cuts.push({ start, end, placeholderStart, placeholderEnd: length });
    kept = end;
  }
  pieces.push(document.subarray(kept));
  return { bytes: Buffer.concat(pieces), cuts };
}

/** The strings to be cut out; none where there are so many quotes that cutting does not pay. */
function longStrings(document: Buffer): readonly Pick<Cut, "start" | "end">[] {
  const strings: Pick<Cut, "start" | "end">[] = [];
  let quotesLeft =
    document.length > wholeBytesMax ? Infinity : Math.floor(document.length / bytesPerQuoteMin);
  let start: number | undefined;
  for (let at = document.indexOf(quote); at !== -1; at = document.indexOf(quote, at + 1)) {
    if (quotesLeft-- === 0) return [];
    if (start === undefined) start = at;
    else if (!isEscaped(document, at)) {
      const end = at + 1;
      if (end - start >= longStringBytesMin && !isKey(document, end)) strings.push({ start, end });
      start = undefined;
    }
  }
  return strings;
}

/** The offset in the document of an offset in its skeleton that is not inside a placeholder. */
export function documentOffset({ cuts }: JsonSkeleton, offset: number): number {
  const before = cuts.findLast((cut) => cut.placeholderEnd <= offset);
  return before ? before.end + offset - before.placeholderEnd : offset;
}

/**
 * Parses a document by its skeleton. As `JSON.parse`, but that control characters inside a long string without escapes
 * are let through.
 * @param document UTF-8
 * @throws SyntaxError when it is no JSON
 */
export function parseSkeleton(document: Buffer, skeleton: JsonSkeleton): Json {
  // JSON.parse answers `any`; what it gives is JSON by definition.
  const value = JSON.parse(utf8Text(skeleton.bytes)) as Json;
  if (skeleton.cuts.length === 0) return value;
  return restored(value, (number) => longString(document, skeleton.cuts[number]));
}

function longString(document: Buffer, cut: Cut | undefined): string {
  if (!cut) throw new Error("Broken invariant: a placeholder stands for a string that was cut out");
  const inside = document.subarray(cut.start + 1, cut.end - 1);
  if (!inside.includes(backslash)) return utf8Text(inside);
  // What stands between quotes parses to a string.
  return JSON.parse(utf8Text(document.subarray(cut.start, cut.end))) as string;
}

/** The value with every placeholder exchanged for its string, in place: nobody else has the value yet. */
function restored(value: Json, original: (number: number) => string): Json {
  if (typeof value === "string") return value.startsWith(mark) ? original(Number(value.slice(1))) : value;
  if (typeof value !== "object" || value === null) return value;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || (typeof member !== "object" && typeof member !== "string")) continue;
    const whole = restored(member, original);
    // Defining, because a key may be named __proto__.
    if (whole !== member)
      Object.defineProperty(value, key, {
        value: whole,
        enumerable: true,
        writable: true,
        configurable: true,
      });
  }
  return value;
}

function holdsMark(document: Buffer): boolean {
  return document.includes(markBytes) || hasEscapedMark(document);
}

/** Whether the mark stands in the document as an escape, in any mixture of cases. */
function hasEscapedMark(document: Buffer): boolean {
  for (let at = document.indexOf("\\u"); at !== -1; at = document.indexOf("\\u", at + 2)) {
    if (document.toString("latin1", at + 2, at + 6).toLowerCase() === "ffff") return true;
  }
  return false;
}

/** Index of the quote that closes the string opened at `open`; -1 when none does. */
export function closingQuote(document: Buffer, open: number): number {
  let close = document.indexOf(quote, open + 1);
  while (close !== -1 && isEscaped(document, close)) close = document.indexOf(quote, close + 1);
  return close;
}

/** A quote is escaped when an odd number of backslashes stands before it. */
function isEscaped(document: Buffer, at: number): boolean {
  let before = at;
  while (document[before - 1] === backslash) before--;
  return (at - before) % 2 === 1;
}

/** Whether what ends at `end` is the key of a member. */
function isKey(document: Buffer, end: number): boolean {
  let at = end;
  while (document[at] === 0x20 || document[at] === 0x0a || document[at] === 0x0d || document[at] === 0x09)
    at++;
  return document[at] === colon;
}
