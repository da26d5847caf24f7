import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ResponseReader } from "./response-reader.ts";

const whole = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 11\r\n\r\n{"a":"b\\n"}';
const chunked = [
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
  "b\r\ndata: one\n\n\r\n",
  "9\r\ndata: two\r\n",
  "c\r\n\n\ndata: [D]\n\r\n",
  "1\r\n\n\r\n",
  "0\r\n\r\n",
].join("");

function read(pieces: readonly string[]) {
  const reader = new ResponseReader();
  reader.begin();
  const ends = pieces.map((piece) => reader.feed(Buffer.from(piece, "latin1")));
  return { status: reader.status, frames: reader.frames, bytes: reader.bodyBytes, ends };
}

/** The text cut at the given places. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const bounds = [0, ...places.map((place) => place % text.length).toSorted((a, b) => a - b), text.length];
  return bounds
    .slice(1)
    .map((end, at) => text.slice(bounds[at], end))
    .filter((piece) => piece !== "");
}

describe("an answer", () => {
  test("of a known length ends with its last byte", () => {
    expect(read([whole.slice(0, -1), whole.slice(-1)])).toEqual({
      status: 200,
      frames: 0,
      bytes: 11,
      ends: [false, true],
    });
  });

  test("in chunks has its events counted, also those cut in two", () => {
    expect(read([chunked])).toEqual({ status: 200, frames: 3, bytes: 33, ends: [true] });
  });

  test("without a body ends with its head", () => {
    expect(read(["HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"])).toMatchObject({
      status: 503,
      ends: [true],
    });
  });

  test.each(["HTTP/2 200\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", `${chunked.slice(0, 47)}zz\r\n`])(
    "%j is refused",
    (text) => {
      expect(() => read([text])).toThrow(/^Cannot read an answer/);
    },
  );

  test("law: how it is cut changes nothing, and only the last piece completes it", () => {
    fc.assert(
      fc.property(fc.constantFrom(whole, chunked), fc.array(fc.nat()), (text, places) => {
        const { ends, ...facts } = read(cut(text, places));
        const { ends: _, ...wanted } = read([text]);
        expect(facts).toEqual(wanted);
        expect(ends.indexOf(true)).toBe(ends.length - 1);
      }),
    );
  });

  test("is followed by the next one on the same connection", () => {
    const reader = new ResponseReader();
    for (const text of [whole, chunked, whole]) {
      reader.begin();
      expect(reader.feed(Buffer.from(text))).toBe(true);
      expect(reader.status).toBe(200);
    }
  });
});
