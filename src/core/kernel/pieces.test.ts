import { expect, test } from "vitest";
import { looseMax, Pieces } from "./pieces.ts";

test("pieces are what came, however many", () => {
  for (const count of [0, 1, 2, looseMax, looseMax + 1, 3 * looseMax + 5]) {
    const pieces = new Pieces();
    const sent = Array.from({ length: count }, (_, at) => Buffer.from([at, at >> 8]));
    for (const piece of sent) pieces.add(piece);
    expect(pieces.bytes()).toEqual(Buffer.concat(sent));
    expect(pieces.size).toBe(2 * count);
  }
});

test("of many tiny pieces few are kept", () => {
  const pieces = new Pieces();
  for (let count = 0; count < 100 * looseMax; count++) pieces.add(Buffer.of(7));
  expect(pieces.all.length).toBeLessThanOrEqual(looseMax + 100);
});

test("one piece is given back as it is", () => {
  const pieces = new Pieces();
  const only = Buffer.from("only");
  pieces.add(only);
  expect(pieces.bytes()).toBe(only);
});
