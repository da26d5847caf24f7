import { isUtf8 } from "node:buffer";
import { AppError } from "#core/kernel/app-error.ts";
import { closingQuote, jsonSkeleton, parseSkeleton } from "#core/kernel/json-skeleton.ts";
import type { Json } from "#core/kernel/json.ts";

/** Deepest nesting of arrays and objects: JSON schemas of tools go about 20 deep, an attacker's brackets a million. */
export const nestingMax = 128;

/**
 * Most values in a body. The largest honest ones are lists of token numbers (OpenAI takes 300,000 a request, read
 * 2026-11-25); without a bound 32 MB of `{},{},` would become a gigabyte of objects and seconds of work.
 */
export const valuesMax = 400_000;

const quote = 0x22;
const comma = 0x2c;

/**
 * Parses a request body.
 * @throws AppError `invalid-request` on invalid UTF-8, malformed JSON, nesting deeper than
 *   `nestingMax`, or more values than `valuesMax`; no content in the text
 */
export function parseJsonBody(body: Buffer): Json {
  if (body.length === 0) throw refusal("a JSON object is wanted, it is empty");
  if (!isUtf8(body)) throw refusal("UTF-8 is wanted, it holds invalid bytes");
  const skeleton = jsonSkeleton(body);
  const excess = excessOf(skeleton.bytes);
  if (excess) throw refusal(`at most ${excess} are wanted, it has more`);
  try {
    return parseSkeleton(body, skeleton);
  } catch {
    // The parser's own message quotes the text: content that no error may hold.
    throw refusal("valid JSON is wanted, it is malformed");
  }
}

function refusal(wantedAndActual: string): AppError {
  return new AppError("invalid-request", `Cannot read the request body: ${wantedAndActual}`);
}

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
      if (++depth > nestingMax) return `${nestingMax} levels of nesting`;
      values++;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
    else if (byte === comma) values++;
    if (values > valuesMax) return `${valuesMax} values`;
  }
  return undefined;
}

/** Index of the quote that closes the string opened at `start`; the body's length when none does. */
function stringEnd(body: Buffer, start: number): number {
  const end = closingQuote(body, start);
  return end === -1 ? body.length : end;
}
