import fc from "fast-check";
import { expect, test } from "vitest";
import { fractionOf, ownerOf } from "./rendezvous.ts";

const units = Array.from({ length: 3_000 }, (_, index) => `unit-${index}`);
const owner = (shared: readonly { label: string; weight: number }[], unit: string, salt = "route") =>
  ownerOf(shared, { salt, unit })?.label;

test("units are shared out by weight", () => {
  const shared = [
    { label: "a", weight: 7 },
    { label: "b", weight: 2 },
    { label: "c", weight: 1 },
  ];
  for (const { label, weight } of shared) {
    const share = units.filter((unit) => owner(shared, unit) === label).length / units.length;
    // Four standard deviations of 3,000 units.
    expect(Math.abs(share - weight / 10)).toBeLessThan(4 * Math.sqrt(0.25 / units.length));
  }
});

test("a weight that is raised only adds units, exactly", () => {
  const weight = fc.double({ min: 0.01, max: 10, noNaN: true });
  fc.assert(
    fc.property(weight, weight, weight, weight, fc.string(), (a, b, c, more, unit) => {
      const before = [
        { label: "a", weight: a },
        { label: "b", weight: b },
        { label: "c", weight: c },
      ];
      const after = before.map((one) => (one.label === "a" ? { ...one, weight: a + more } : one));
      const [was, is] = [owner(before, unit), owner(after, unit)];
      expect(is === was || is === "a").toBe(true);
    }),
  );
});

test("when one leaves, only its own units move", () => {
  const all = ["a", "b", "c"].map((label) => ({ label, weight: 1 }));
  const left = all.slice(0, 2);
  for (const unit of units.slice(0, 500)) {
    const was = owner(all, unit);
    if (was !== "c") expect(owner(left, unit)).toBe(was);
  }
});

test("another salt shares out anew; two ways of typing one name are one unit", () => {
  const shared = ["a", "b"].map((label) => ({ label, weight: 1 }));
  const moved = units.slice(0, 1_000).filter((unit) => owner(shared, unit, "x") !== owner(shared, unit, "y"));
  expect(moved.length).toBeGreaterThan(400);
  expect(moved.length).toBeLessThan(600);
  expect(fractionOf("s", "l", "Zoë")).toBe(fractionOf("s", "l", "Zoe\u0308"));
  expect(fractionOf("s", "l1", "2")).not.toBe(fractionOf("s", "l", "12"));
});

test("fractions lie between 0 and 1, and do not change with the years", () => {
  expect(units.every((unit) => fractionOf("s", "l", unit) > 0 && fractionOf("s", "l", unit) < 1)).toBe(true);
  // By Python: int(sha256(b"5:route1:a3:ann").hexdigest()[:14], 16) // 8, then (it + 0.5) / 2 ** 53.
  expect(fractionOf("route", "a", "ann")).toBe(0.6337648071590478);
});
