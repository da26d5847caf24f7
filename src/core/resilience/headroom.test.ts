import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Headroom } from "./headroom.ts";
import { MinuteMeter } from "./minute-meter.ts";

const secondMs = 1_000;

describe("requests and tokens of the last minute", () => {
  test("what is left is the scarcer share, and comes back a minute later, to the second", () => {
    const headroom = new Headroom({ requestsPerMinute: 10, tokensPerMinute: 1_000 });
    headroom.began(100, 0);
    expect(headroom.left(0)).toBe(0.9);
    headroom.began(700, 1_500);
    expect(headroom.left(2_000)).toBeCloseTo(0.2, 12);
    expect(headroom.left(61 * secondMs)).toBeCloseTo(0.3, 12);
    expect(headroom.left(62 * secondMs)).toBe(1);
  });

  test("what remains is told as numbers, where there is a limit", () => {
    const headroom = new Headroom({ requestsPerMinute: 10 });
    headroom.began(100, 0);
    expect(headroom.remaining(0)).toEqual({ requests: 9 });
    headroom.heard({ tokens: { left: 500, limit: 1_000, resetMs: 1_000 } }, 0);
    expect(headroom.remaining(0)).toEqual({ requests: 9, tokens: 500 });
    expect(new Headroom().remaining(0)).toEqual({});
  });

  test("one more would exceed requests or tokens, and it is known when it fits", () => {
    const headroom = new Headroom({ requestsPerMinute: 2, tokensPerMinute: 1_000 });
    expect(headroom.wouldExceed(1_000, 0)).toBe(false);
    headroom.began(600, 0);
    expect(headroom.wouldExceed(400, 0)).toBe(false);
    expect(headroom.wouldExceed(401, 0)).toBe(true);
    expect(headroom.msUntilFits(401, 10 * secondMs)).toBe(51 * secondMs);
    headroom.began(1, 30 * secondMs);
    expect(headroom.wouldExceed(1, 30 * secondMs)).toBe(true);
    expect(headroom.msUntilFits(1, 30 * secondMs)).toBe(31 * secondMs);
    expect(headroom.wouldExceed(1, 61 * secondMs)).toBe(false);
  });

  test("a request larger than a minute's tokens fits an unused minute, else it never would", () => {
    const headroom = new Headroom({ tokensPerMinute: 1_000 });
    expect(headroom.wouldExceed(5_000, 0)).toBe(false);
    headroom.began(1, 0);
    expect(headroom.wouldExceed(5_000, 0)).toBe(true);
    expect(headroom.msUntilFits(5_000, 0)).toBe(61 * secondMs);
  });

  test("settling replaces the estimate: less is given back, more counts when it is known", () => {
    const headroom = new Headroom({ tokensPerMinute: 1_000 });
    headroom.began(500, 0);
    headroom.settled({ tokens: 500, atMs: 0 }, 200, 5 * secondMs);
    expect(headroom.left(5 * secondMs)).toBe(0.8);
    headroom.began(100, 10 * secondMs);
    headroom.settled({ tokens: 100, atMs: 10 * secondMs }, 300, 65 * secondMs);
    expect(headroom.left(65 * secondMs)).toBeCloseTo(0.7, 12);
    expect(headroom.left(72 * secondMs)).toBeCloseTo(0.8, 12);
  });

  test("what was reserved more than a minute ago is not given back twice", () => {
    const headroom = new Headroom({ tokensPerMinute: 1_000 });
    headroom.began(500, 0);
    headroom.began(300, 90 * secondMs);
    headroom.settled({ tokens: 500, atMs: 0 }, 0, 91 * secondMs);
    expect(headroom.left(91 * secondMs)).toBeCloseTo(0.7, 12);
  });

  test("a request that never reached the provider counts for nothing", () => {
    const headroom = new Headroom({ requestsPerMinute: 2, tokensPerMinute: 1_000 });
    headroom.began(500, 0);
    headroom.cancelled({ tokens: 500, atMs: 0 }, secondMs);
    expect(headroom.left(secondMs)).toBe(1);
  });

  test("without limits and news everything is left", () => {
    const headroom = new Headroom();
    for (let request = 0; request < 1_000; request++) headroom.began(1e6, request);
    expect([
      headroom.left(1_000),
      headroom.wouldExceed(1e9, 1_000),
      headroom.msUntilFits(1e9, 1_000),
    ]).toEqual([1, false, 0]);
  });
});

describe("what the provider says", () => {
  test("counts with what we send since, and fills up until the reset", () => {
    const headroom = new Headroom();
    headroom.heard({ requests: { left: 4, limit: 10, resetMs: 6 * secondMs } }, 0);
    expect(headroom.left(0)).toBe(0.4);
    headroom.began(0, 0);
    expect(headroom.left(0)).toBeCloseTo(0.3, 12);
    expect(headroom.left(2 * secondMs)).toBeCloseTo(0.5, 12);
    expect(headroom.left(6 * secondMs)).toBe(1);
  });

  test("of none left is believed until some fills up", () => {
    const headroom = new Headroom();
    headroom.heard({ tokens: { left: 0, limit: 600, resetMs: 60 * secondMs } }, 0);
    expect(headroom.wouldExceed(100, 0)).toBe(true);
    expect(headroom.msUntilFits(100, 0)).toBe(10 * secondMs);
    expect(headroom.wouldExceed(100, 10 * secondMs)).toBe(false);
  });

  test("without the whole it is believed until its reset, and no longer than ten minutes", () => {
    const headroom = new Headroom();
    headroom.heard({ requests: { left: 0, resetMs: 3_600_000 } }, 0);
    expect([headroom.left(599_999), headroom.wouldExceed(1, 599_999)]).toEqual([0, true]);
    expect([headroom.left(600_000), headroom.wouldExceed(1, 600_000)]).toEqual([1, false]);
  });

  test("replaces what was said before; the scarcer of it and the limit counts", () => {
    const headroom = new Headroom({ requestsPerMinute: 10 });
    headroom.began(0, 0);
    headroom.heard({ requests: { left: 1, limit: 100, resetMs: 60 * secondMs } }, 0);
    expect(headroom.left(0)).toBe(0.01);
    headroom.heard({ requests: { left: 100, limit: 100, resetMs: 60 * secondMs } }, 0);
    expect(headroom.left(0)).toBe(0.9);
  });
});

describe("laws", () => {
  const step = fc.record({
    kind: fc.constantFrom("began", "settled", "cancelled", "heard"),
    afterMs: fc.nat(20_000),
    tokens: fc.nat(2_000),
    left: fc.nat(3_000),
  });

  test("what is left is a share, what fits now would not exceed, and it fits when it was said to", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const headroom = new Headroom({ requestsPerMinute: 20, tokensPerMinute: 5_000 });
        const open: { tokens: number; atMs: number }[] = [];
        let nowMs = 0;
        for (const { kind, afterMs, tokens, left } of steps) {
          nowMs += afterMs;
          if (kind === "began") {
            headroom.began(tokens, nowMs);
            open.push({ tokens, atMs: nowMs });
          } else if (kind === "heard") {
            headroom.heard({ tokens: { left, limit: 3_000, resetMs: tokens * 10 } }, nowMs);
          } else {
            const began = open.shift();
            if (began && kind === "settled") headroom.settled(began, left, nowMs);
            else if (began) headroom.cancelled(began, nowMs);
          }
          const share = headroom.left(nowMs);
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
          const waitMs = headroom.msUntilFits(tokens, nowMs);
          expect(waitMs === 0).toBe(!headroom.wouldExceed(tokens, nowMs));
          // A hair more, since what fills up is a float.
          expect(headroom.wouldExceed(tokens, nowMs + waitMs + 0.001)).toBe(false);
        }
      }),
    );
  });

  test("the meter is the sum of what was added in the last minute, to the second", () => {
    const adding = fc.record({ afterMs: fc.nat(30_000), amount: fc.nat(1_000) });
    fc.assert(
      fc.property(fc.array(adding, { maxLength: 200 }), (steps) => {
        const meter = new MinuteMeter();
        const added: { atMs: number; amount: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, amount } of steps) {
          nowMs += afterMs;
          meter.add(amount, nowMs);
          added.push({ atMs: nowMs, amount });
          const first = Math.floor(nowMs / 1_000) - 60;
          const wanted = added
            .filter(({ atMs }) => Math.floor(atMs / 1_000) >= first)
            .reduce((sum, one) => sum + one.amount, 0);
          expect(meter.used(nowMs)).toBe(wanted);
        }
      }),
    );
  });

  test("whoever sends only what does not exceed never sends more than the limit in a minute", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ afterMs: fc.nat(3_000), tokens: fc.integer({ min: 1, max: 400 }) })),
        (steps) => {
          const headroom = new Headroom({ requestsPerMinute: 30, tokensPerMinute: 2_000 });
          const sent: { atMs: number; tokens: number }[] = [];
          let nowMs = 0;
          for (const { afterMs, tokens } of steps) {
            nowMs += afterMs;
            if (headroom.wouldExceed(tokens, nowMs)) continue;
            headroom.began(tokens, nowMs);
            sent.push({ atMs: nowMs, tokens });
            const recent = sent.filter(({ atMs }) => atMs > nowMs - 60_000);
            expect(recent.length).toBeLessThanOrEqual(30);
            expect(recent.reduce((sum, one) => sum + one.tokens, 0)).toBeLessThanOrEqual(2_000);
          }
        },
      ),
    );
  });
});
