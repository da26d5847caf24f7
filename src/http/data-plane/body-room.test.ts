import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BodyRoom } from "#http/data-plane/body-room.ts";

const megabyte = 1024 * 1024;

/** A piece with memory of its own, as they come from a connection. */
function piece(bytes: number, value: number): Buffer {
  return Buffer.alloc(bytes, value);
}

describe("a body", () => {
  test.each([0, 1, 1_000, 200_000])("of %d bytes is what came", (bytes) => {
    const room = new BodyRoom(bytes * 2);
    room.add(piece(bytes, 7));
    room.add(piece(bytes, 8));
    expect(room.bytes()).toEqual(Buffer.concat([piece(bytes, 7), piece(bytes, 8)]));
  });

  test.each([0, 300_000])("that comes byte by byte is what came (%d bytes announced)", (announced) => {
    const room = new BodyRoom(announced);
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
    for (const byte of sent) room.add(Buffer.from([byte]));
    expect(room.bytes().equals(sent)).toBe(true);
  });

  test("law: of any size, announced or not, in any pieces, is what came", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.boolean(), (pieces, announced) => {
        const sum = pieces.reduce((total, size) => total + size, 0);
        const room = new BodyRoom(announced ? sum : 0);
        for (const [at, size] of pieces.entries()) room.add(piece(size, at));
        expect(room.bytes().equals(Buffer.concat(pieces.map((size, at) => piece(size, at))))).toBe(true);
      }),
    );
  });
});

describe("the memory of a large body", () => {
  test("is not taken before an eighth of it has come", () => {
    const before = process.memoryUsage().arrayBuffers;
    const rooms = Array.from({ length: 64 }, () => new BodyRoom(32 * megabyte));
    for (const room of rooms) room.add(piece(1_000, 1));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(megabyte);
  });

  test("is held once: each piece gives its own back when it has its place", () => {
    const room = new BodyRoom(8 * megabyte);
    const pieces = Array.from({ length: 8 }, (_, at) => piece(megabyte, at));
    for (const one of pieces) room.add(one);
    expect(pieces.map(({ byteLength }) => byteLength)).toEqual(pieces.map(() => 0));
    expect(room.bytes().at(-1)).toBe(7);
  });

  test("that others share with a piece stays theirs", () => {
    const shared = Buffer.alloc(2 * megabyte, 5);
    const room = new BodyRoom(megabyte);
    room.add(shared.subarray(0, megabyte));
    expect(shared.at(0)).toBe(5);
    expect(room.bytes().at(-1)).toBe(5);
  });
});
