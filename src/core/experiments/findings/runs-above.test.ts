import * as fc from "fast-check";
import { expect, test } from "vitest";
import { seededUnits } from "../../../../test/support/seeded-draws.ts";
import { runsAbove, type PeriodCount } from "./runs-above.ts";

const rule = { alpha: 0.01, clusterSize: 1 };

/** So many periods of so many requests, of which the same number is hit in each but those of a storm. */
function periods({ count = 200, requests = 50, hits = 1 }, storm: Readonly<Record<number, number>> = {}) {
  return Array.from({ length: count }, (_, place) => ({ requests, hits: storm[place] ?? hits }));
}

test("a run far above the rest is found from its first period to its last", () => {
  const storm = Object.fromEntries([20, 21, 22, 23].map((place) => [place, 40]));
  expect(runsAbove(periods({}, storm), rule)).toEqual([{ first: 20, last: 23, requests: 200, hits: 160 }]);
});

test("several runs are found apart, and a quiet period within one does not part it", () => {
  const storm = { 20: 50, 21: 50, 22: 0, 23: 50, 24: 50, 100: 30, 101: 30 };
  expect(runsAbove(periods({}, storm), rule).map(({ first, last }) => [first, last])).toEqual([
    [20, 24],
    [100, 101],
  ]);
});

test("what always happens alike is no run: not nothing, not all, not a constant share", () => {
  for (const hits of [0, 1, 25, 50]) expect(runsAbove(periods({ hits }), rule)).toEqual([]);
  expect(runsAbove([], rule)).toEqual([]);
});

test("a few more than usual are no run", () => {
  expect(runsAbove(periods({}, { 20: 4, 21: 4 }), rule)).toEqual([]);
});

test("a storm that is most of the time is found as well", () => {
  const storm = Object.fromEntries(Array.from({ length: 160 }, (_, place) => [place + 20, 48]));
  expect(runsAbove(periods({}, storm), rule)).toMatchObject([{ first: 20, last: 179 }]);
});

test("requests of one unit count as one: a unit that falls back as a whole is no run", () => {
  const once = periods({ hits: 0 }, { 20: 10, 90: 1 });
  expect(runsAbove(once, rule)).toHaveLength(1);
  expect(runsAbove(once, { ...rule, clusterSize: 10 })).toEqual([]);
});

test("for any counts, runs are apart, in order, above the rest, and count what is in them", () => {
  const period = fc
    .record({ requests: fc.nat(60), part: fc.constantFrom(0, 0, 0, 0.02, 0.5, 1) })
    .map(({ requests, part }): PeriodCount => ({ requests, hits: Math.round(requests * part) }));
  fc.assert(
    fc.property(fc.array(period, { maxLength: 120 }), (all) => {
      const share =
        all.reduce((sum, { hits }) => sum + hits, 0) / all.reduce((sum, { requests }) => sum + requests, 0);
      let before = -1;
      for (const { first, last, requests, hits } of runsAbove(all, rule)) {
        expect(first).toBeGreaterThan(before);
        expect(last).toBeGreaterThanOrEqual(first);
        const within = all.slice(first, last + 1);
        expect(requests).toBe(within.reduce((sum, one) => sum + one.requests, 0));
        expect(hits).toBe(within.reduce((sum, one) => sum + one.hits, 0));
        expect(hits / requests).toBeGreaterThan(share);
        before = last;
      }
    }),
  );
});

/** How many of a thousand experiments in which nothing changes have a run. */
function falseAlarms(
  seed: number,
  {
    share,
    size = 1,
    clusterSize = size,
  }: { readonly share: number; readonly size?: number; readonly clusterSize?: number },
): number {
  const unit = seededUnits(seed);
  let alarms = 0;
  for (let experiment = 0; experiment < 1_000; experiment++) {
    const counts = Array.from({ length: 60 }, () => {
      const units = Math.round(24 * unit());
      let hits = 0;
      for (let one = 0; one < units; one++) if (unit() < share) hits += size;
      return { requests: units * size, hits };
    });
    if (runsAbove(counts, { alpha: 0.01, clusterSize }).length > 0) alarms++;
  }
  return alarms;
}

test("where hits fall by chance, at most one in a hundred experiments has a run, also where units share one fate", () => {
  for (const [place, share] of [0.001, 0.01, 0.05, 0.3].entries()) {
    const seed = 20_261_127 + place;
    expect(falseAlarms(seed, { share }), `seed ${seed}`).toBeLessThanOrEqual(10);
    expect(falseAlarms(seed, { share, size: 8 }), `seed ${seed}, units of 8`).toBeLessThanOrEqual(10);
  }
});

test("units that share one fate would have many a run if their requests counted each", () => {
  expect(falseAlarms(7, { share: 0.01, size: 8, clusterSize: 1 })).toBeGreaterThan(100);
});
