import { isUtf8 } from "node:buffer";
import { AppError } from "#core/kernel/app-error.ts";
import { closingQuote, jsonSkeleton, parseSkeleton, type JsonSkeleton } from "#core/kernel/json-skeleton.ts";
import type { Json } from "#core/kernel/json.ts";
import { nestingMax, nestsTooDeep } from "#core/kernel/nesting.ts";

/**
 * Most values in a body. The largest honest ones are lists of token numbers (OpenAI takes 300,000 a request, read
 * 2026-11-25); without a bound 32 MB of `{},{},` would become a gigabyte of objects and seconds of work.
 */
export const valuesMax = 400_000;

/**
 * Documents of at most this many bytes, of which nothing was cut, are parsed before they are looked at. They have no room
 * for `valuesMax` values (`[[],[],[]]` has the most: two in three bytes), and their nesting is seen sooner in the value
 * than byte by byte.
 */
const smallBytesMax = 524_288;

/** Bytes that are looked at one by one before a string's end is searched for. */
const nearBytes = 64;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/**
 * Parses a request body. Of a key that stands twice in an object the last value counts.
 * @throws AppError `invalid-request` on invalid UTF-8, malformed JSON, nesting deeper than
 *   `nestingMax`, or more values than `valuesMax`; no content in the text
 */
export function parseJsonBody(body: Buffer): Json {
  if (body.length === 0) throw refusal("a JSON object is wanted, it is empty");
  if (!isUtf8(body)) throw refusal("UTF-8 is wanted, it holds invalid bytes");
  const skeleton = jsonSkeleton(body);
  const isSmall = skeleton.cuts.length === 0 && body.length <= smallBytesMax;
  if (!isSmall) assertBounded(skeleton.bytes);
  const value = parsed(body, skeleton);
  if (isSmall && nestsTooDeep(value)) throw tooMuch(nestingExcess);
  return value;
}

function parsed(body: Buffer, skeleton: JsonSkeleton): Json {
  try {
    return parseSkeleton(body, skeleton);
  } catch {
    assertBounded(skeleton.bytes);
    // The parser's own message quotes the text: content that no error may hold.
    throw refusal("valid JSON is wanted, it is malformed");
  }
}

function assertBounded(bytes: Buffer): void {
  const excess = excessOf(bytes);
  if (excess) throw tooMuch(excess);
}

function tooMuch(excess: string): AppError {
  return refusal(`at most ${excess} are wanted, it has more`);
}

function refusal(wantedAndActual: string): AppError {
  return new AppError("invalid-request", `Cannot read the request body: ${wantedAndActual}`);
}

const nestingExcess = `${nestingMax} levels of nesting`;

/**
 * What a body has too much of. Brackets and commas outside strings are counted before anything is built.
 */
function excessOf(body: Buffer): string | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === quote) at = stringEnd(body, at);
    // `[` 0x5b and `{` 0x7b, `]` 0x5d and `}` 0x7d differ in one bit.
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > nestingMax) return nestingExcess;
      values++;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
    else if (byte === comma) values++;
    if (values > valuesMax) return `${valuesMax} values`;
  }
  return undefined;
}

/**
 * Index of the quote that closes the string opened at `start`; the body's length when none does. As long as there are
 * escapes or an end within a few bytes, looking at each costs less than a jump to the next quote.
 */
function stringEnd(body: Buffer, start: number): number {
  let near = start + nearBytes;
  for (let at = start + 1; at < body.length; at++) {
    const byte = body[at];
    if (byte === quote) return at;
    if (byte === backslash) near = ++at + nearBytes;
    else if (at >= near) {
      const end = closingQuote(body, at);
      return end === -1 ? body.length : end;
    }
  }
  return body.length;
}
