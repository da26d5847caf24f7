import fc from "fast-check";
import { expect, test } from "vitest";
import { ReEntry } from "./re-entry.ts";

test("a deployment that was never away has all of its traffic", () => {
  const reEntry = new ReEntry();
  reEntry.succeeded(5);
  expect(reEntry.share(1e9)).toBe(1);
});

test("its share grows 10 -> 25 -> 50 -> 100 % by three successes in a row, no faster than every 5 s", () => {
  const reEntry = new ReEntry();
  reEntry.begin(1000);
  const shares = [];
  for (let second = 1; second <= 17; second += 1) {
    shares.push(reEntry.share(second * 1000));
    reEntry.succeeded(second * 1000);
  }
  expect(shares).toEqual([
    ...Array.from({ length: 5 }, () => 0.1),
    ...Array.from({ length: 5 }, () => 0.25),
    ...Array.from({ length: 5 }, () => 0.5),
    ...Array.from({ length: 2 }, () => 1),
  ]);
});

test("a failure makes it wait for three more successes, but is no step back", () => {
  const reEntry = new ReEntry();
  reEntry.begin(0);
  reEntry.succeeded(4000);
  reEntry.succeeded(4000);
  reEntry.failed();
  reEntry.succeeded(5000);
  expect(reEntry.share(5000)).toBe(0.1);
  reEntry.succeeded(5001);
  reEntry.succeeded(5002);
  expect(reEntry.share(5002)).toBe(0.25);
});

test("without traffic each step takes 15 s", () => {
  const reEntry = new ReEntry();
  reEntry.begin(0);
  expect([0, 14_999, 15_000, 30_000, 44_999, 45_000].map((nowMs) => reEntry.share(nowMs))).toEqual([
    0.1, 0.1, 0.25, 0.5, 0.5, 1,
  ]);
});

test("a look after a long time finds it at its full share", () => {
  const reEntry = new ReEntry();
  reEntry.begin(0);
  expect(reEntry.share(45_000)).toBe(1);
});

test("once begun, its share never falls and is whole after 45 s, whatever happens", () => {
  const step = fc.record({ afterMs: fc.nat(8000), kind: fc.constantFrom("success", "failure", "look") });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const reEntry = new ReEntry();
      reEntry.begin(0);
      let nowMs = 0;
      let before = 0;
      for (const { afterMs, kind } of steps) {
        nowMs += afterMs;
        if (kind === "success") reEntry.succeeded(nowMs);
        if (kind === "failure") reEntry.failed();
        const share = reEntry.share(nowMs);
        expect(share).toBeGreaterThanOrEqual(before);
        before = share;
      }
      expect(reEntry.share(Math.max(nowMs, 45_000))).toBe(1);
    }),
  );
});
