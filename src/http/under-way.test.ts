import fc from "fast-check";
import { expect, test } from "vitest";
import { UnderWay } from "./under-way.ts";

test("whatever comes and goes, those that came and did not go are under way", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant("come"), fc.nat(20))), (steps) => {
      const underWay = new UnderWay<string>();
      const places = new Map<string, number>();
      for (const [at, step] of steps.entries()) {
        if (step === "come") places.set(`item ${at}`, underWay.add(`item ${at}`));
        const [item, place] = typeof step === "number" ? ([...places][step] ?? []) : [];
        if (item === undefined || place === undefined) continue;
        underWay.remove(place);
        places.delete(item);
      }
      expect(underWay.all().toSorted()).toEqual([...places.keys()].toSorted());
      expect(underWay.size).toBe(places.size);
    }),
  );
});

test("places are used again: they are never more than were under way at once", () => {
  const underWay = new UnderWay<string>();
  const places = Array.from({ length: 100 }, () => {
    const [first, second] = [underWay.add("a"), underWay.add("b")];
    underWay.remove(first);
    underWay.remove(second);
    return [first, second];
  });
  expect(new Set(places.flat()).size).toBe(2);
});
