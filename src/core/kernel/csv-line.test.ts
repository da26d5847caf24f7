import { expect, test } from "vitest";
import { csvLine } from "./csv-line.ts";

test("cells with commas, quotes and line ends are quoted, absent ones are empty", () => {
  expect(csvLine(["a", 'b,"c"', "d\r\ne", undefined, true, -0.5])).toBe(
    'a,"b,""c""","d\r\ne",,true,-0.5\r\n',
  );
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])(
  "text %j is no formula to a spreadsheet, a number stays one",
  (text) => {
    expect(csvLine([text]).replaceAll('"', "")).toBe(`'${text}\r\n`);
    expect(csvLine([-1])).toBe("-1\r\n");
  },
);

test("a number that is none is an empty cell", () => {
  expect(csvLine([Infinity, -Infinity, Number.NaN, 0])).toBe(",,,0\r\n");
});
