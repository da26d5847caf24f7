import { expect, test } from "vitest";
import { alignedRows } from "./aligned-rows.ts";

test("columns begin below each other, and no line ends in spaces", () => {
  expect(
    alignedRows([
      ["a", "long", "c"],
      ["longer", "b", ""],
    ]),
  ).toEqual(["a       long  c", "longer  b"]);
});

test("rows may have fewer cells than others", () => {
  expect(alignedRows([["a"], ["b", "c"], []])).toEqual(["a", "b  c", ""]);
});
