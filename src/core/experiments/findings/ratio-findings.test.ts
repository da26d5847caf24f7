import { expect, test } from "vitest";
import { ratioFindings } from "./ratio-findings.ts";

const shares = new Map([
  ["flash", 0.5],
  ["argon", 0.5],
]);
const sizes = (flash: number, argon: number) =>
  new Map([
    ["flash", flash],
    ["argon", argon],
  ]);
const counted = (
  all: ReadonlyMap<string, number>,
  bySegment: Readonly<Record<string, ReadonlyMap<string, number>>> = {},
) => ({
  all,
  bySegment: new Map(Object.entries(bySegment)),
});
const told = (arrivals: Parameters<typeof ratioFindings>[1]) =>
  ratioFindings(shares, arrivals).map(({ code, severity, about }) =>
    [code, severity, about].join(" ").trim(),
  );

test("what is looked at once is broken below a thousandth of chi-square, and watched below a hundredth", () => {
  expect(told({ counts: counted(sizes(1_050, 950)) })).toEqual([]);
  expect(told({ counts: counted(sizes(1_065, 935)) })).toEqual(["sample-ratio warning"]);
  expect(told({ counts: counted(sizes(1_080, 920)) })).toEqual(["sample-ratio invalid"]);
});

test("what is looked at again and again needs more, which then holds for all looks, and says so", () => {
  const once = counted(sizes(1_080, 920));
  expect(told({ counts: once, arrived: once.all })).toEqual([]);
  const more = counted(sizes(1_100, 900));
  expect(told({ counts: more, arrived: more.all })).toEqual(["sample-ratio invalid"]);
  const [finding] = ratioFindings(shares, { counts: more, arrived: more.all });
  expect(finding?.text).toBe(
    "Units do not come in their shares (flash 1100, argon 900; p = 0.00065, however often one looks): assignment or recording is broken, and no difference can be trusted",
  );
});

test("an arm that is not there is told before chi-square says anything of few units", () => {
  expect(told({ counts: counted(sizes(14, 0)) })).toEqual([]);
  expect(told({ counts: counted(sizes(14, 0)), arrived: sizes(48, 0) })).toEqual(["sample-ratio invalid"]);
});

test("units that were left out since count as they came", () => {
  expect(told({ counts: counted(sizes(2_000, 900)), arrived: sizes(2_000, 2_000) })).toEqual([]);
});

test("a segment is told by its name, corrected for how many there are", () => {
  const segments = { free: sizes(600, 400), paid: sizes(400, 600) };
  const counts = counted(sizes(1_000, 1_000), segments);
  for (const arrivals of [{ counts }, { counts, arrived: counts.all }])
    expect(told(arrivals)).toEqual([
      "segment-sample-ratio invalid free",
      "segment-sample-ratio invalid paid",
    ]);
  const few = counted(sizes(1_000, 1_000), { free: sizes(545, 455) });
  expect(told({ counts: few })).toEqual(["segment-sample-ratio warning free"]);
  expect(told({ counts: few, arrived: few.all })).toEqual([]);
});
