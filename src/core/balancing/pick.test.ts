import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate } from "./candidate.ts";
import { pick, type Pick } from "./pick.ts";

const nowMs = Date.UTC(2026, 10, 25);

function candidate(values: Partial<Candidate> = {}): Candidate {
  return { weight: 1, share: 1, costMs: 400, inFlight: 0, state: "ready", availableAtMs: 0, ...values };
}

function away(forMs: number, values: Partial<Candidate> = {}): Candidate {
  return candidate({ availableAtMs: nowMs + forMs, ...values });
}

/** How often each is asked, over an even grid of draws; the rest of the answers are those without one. */
function probabilities(candidates: readonly Candidate[], side = 331): readonly number[] {
  const counts = candidates.map(() => 0);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const draws = [(row + 0.5) / side, (column + 0.5) / side] as const;
      const picked = pick(candidates, { nowMs, draws, waitMsMax: 0 });
      if (picked.kind === "go") counts[picked.index] = (counts[picked.index] ?? 0) + 1;
    }
  }
  return counts.map((count) => count / side ** 2);
}

function one(candidates: readonly Candidate[], waitMsMax = 0): Pick {
  return pick(candidates, { nowMs, draws: [0.3, 0.7], waitMsMax });
}

describe("among available ones", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });

  test("with equal loads each is asked in proportion to its weight", () => {
    fc.assert(
      fc.property(weights, (values) => {
        const sum = values.reduce((total, weight) => total + weight, 0);
        const asked = probabilities(
          values.map((weight) => candidate({ weight })),
          101,
        );
        for (const [index, weight] of values.entries())
          expect(Math.abs((asked[index] ?? 0) - weight / sum)).toBeLessThan(0.03);
      }),
      { numRuns: 50 },
    );
  });

  test("with loads that differ by chance alone each is asked in proportion to its weight", () => {
    const weights = [5, 2, 2, 1];
    const orders = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].map((b) => [a, b] as const));
    // Every order of the loads as often: a swap of two places after a turn.
    const mean = [0, 0, 0, 0];
    for (const [turn, flip] of orders) {
      const costs = [401, 402, 403, 404].map(
        (_, at) => 401 + (flip % 2 === 0 ? (at + turn) % 4 : (turn - at + 4) % 4),
      );
      const asked = probabilities(
        weights.map((weight, at) => candidate({ weight, costMs: costs[at] })),
        101,
      );
      for (const [at, value] of asked.entries()) mean[at] = (mean[at] ?? 0) + value / orders.length;
    }
    for (const [at, value] of mean.entries())
      expect(Math.abs(value - (weights[at] ?? 0) / 10)).toBeLessThan(0.03);
  });

  test("one that was not asked for long is as good as the best, not better: weights hold with little traffic", () => {
    const asked = probabilities([
      candidate({ weight: 4, costMs: 300, measuredCostMs: 300 }),
      candidate({ weight: 1, costMs: 3, measuredCostMs: 320 }),
    ]);
    expect(asked[0]).toBeCloseTo(0.8, 1);
  });

  test("a slow one that was not asked for long is asked again", () => {
    const slow = { weight: 1, measuredCostMs: 3_000 };
    const fast = candidate({ weight: 1, costMs: 300, measuredCostMs: 300 });
    expect(probabilities([fast, candidate({ ...slow, costMs: 2_900 })])[1]).toBe(0);
    expect(probabilities([fast, candidate({ ...slow, costMs: 100 })])[1]).toBeCloseTo(0.5, 1);
  });

  test("the least loaded is asked in every pair that it is in, the most loaded in none", () => {
    const asked = probabilities([0, 0.3, 0.6, 0.9].map((inFlight) => candidate({ inFlight })));
    expect(asked[0]).toBeCloseTo(1 / 2, 2);
    expect(asked[1]).toBeCloseTo(1 / 3, 2);
    expect(asked[2]).toBeCloseTo(1 / 6, 2);
    expect(asked[3]).toBe(0);
  });

  test("costs that differ by no more than a quarter are alike: averages are no more exact", () => {
    expect(probabilities([candidate({ costMs: 500 }), candidate()])[0]).toBeCloseTo(0.5, 1);
  });

  test("of two the less loaded is asked, by cost and by what is in flight", () => {
    expect(probabilities([candidate({ costMs: 501 }), candidate()])).toEqual([0, 1]);
    expect(probabilities([candidate(), candidate({ inFlight: 1 })])).toEqual([1, 0]);
    expect(probabilities([candidate({ inFlight: 3 }), candidate({ costMs: 900, inFlight: 1 })])).toEqual([
      1, 0,
    ]);
  });

  test("what is in flight counts against the weight", () => {
    const heavy = candidate({ weight: 1.5, inFlight: 8 });
    expect(probabilities([heavy, candidate({ inFlight: 6 })])[0]).toBeGreaterThan(0.5);
    expect(probabilities([heavy, candidate({ inFlight: 5 })])[0]).toBeLessThan(0.5);
  });

  test("one that has more than half of the weight is left where it is more than twice as loaded", () => {
    expect(probabilities([candidate({ weight: 3, inFlight: 1 }), candidate()])[0]).toBeCloseTo(0.5, 2);
    expect(probabilities([candidate({ weight: 3, inFlight: 2 }), candidate()])).toEqual([0, 1]);
  });

  test("where two would make it wait for more than twice as long as an idle one, a third competes", () => {
    const asked = probabilities([0, 1, 2, 3].map((inFlight) => candidate({ inFlight })));
    expect(asked[0]).toBeCloseTo(1 / 2 + 1 / 12, 2);
    expect(asked[1]).toBeCloseTo(1 / 3 + 1 / 12, 2);
    expect(asked[2]).toBe(0);
  });

  test("one that is slow is drawn less, by its cost", () => {
    const busy = candidate({ inFlight: 9 });
    const asked = probabilities([busy, busy, busy, candidate({ costMs: 2_000 })]);
    // Weights 5, 5, 5 and 1: in 2/16 of the pairs, and one time in 6 the third of three.
    expect(asked[3]).toBeCloseTo(2 / 16 + (14 / 16) * (1 / 6), 2);
  });

  test("the size of the request counts where it waits behind others", () => {
    const pool = [candidate({ costMs: 100, inFlight: 8 }), candidate({ costMs: 300 })];
    const at = (work: number): Pick => pick(pool, { nowMs, draws: [0.6, 0.5], waitMsMax: 0, work });
    expect(at(1)).toMatchObject({ index: 1 });
    expect(at(20)).toMatchObject({ index: 0 });
  });

  test("one that is new is asked at once, and no more before it has answered", () => {
    expect(probabilities([candidate(), candidate({ costMs: undefined })])).toEqual([0, 1]);
    expect(
      probabilities([candidate({ inFlight: 50 }), candidate({ costMs: undefined, inFlight: 1 })]),
    ).toEqual([1, 0]);
  });

  test("the only one is asked", () => {
    expect(one([candidate({ share: 0.1 })])).toEqual({ kind: "go", index: 0, why: "only" });
    expect(one([candidate(), away(1_000)])).toEqual({ kind: "go", index: 0, why: "only" });
  });
});

describe("one that comes back", () => {
  const shares = [0.1, 0.25, 0.5] as const;

  test.each(shares)("at share %d is asked for exactly that part of its weight", (share) => {
    const asked = probabilities([candidate({ share, costMs: 10 }), candidate(), candidate()]);
    expect(asked[0]).toBeCloseTo(share / (share + 2), 2);
    expect(asked[1]).toBeCloseTo(1 / (share + 2), 2);
  });

  test("is asked as often when it is somewhat slower, not when it is clearly more loaded", () => {
    const others = [candidate(), candidate()];
    expect(probabilities([candidate({ share: 0.1, costMs: 700 }), ...others])[0]).toBeCloseTo(0.1 / 2.1, 2);
    expect(probabilities([candidate({ share: 0.1, costMs: 900 }), ...others])[0]).toBe(0);
  });

  test("beside one other has its part of the sum", () => {
    const asked = probabilities([candidate({ share: 0.1, costMs: undefined }), candidate({ weight: 2 })]);
    expect(asked[0]).toBeCloseTo(0.1 / 2.1, 2);
  });

  test("in a pool where all are new competes as usual", () => {
    expect(probabilities([candidate({ share: 0.1 }), candidate({ share: 0.1, costMs: 501 })])).toEqual([
      1, 0,
    ]);
  });

  test("with several of them each has its part", () => {
    const asked = probabilities([
      candidate({ share: 0.1 }),
      candidate(),
      candidate({ share: 0.5 }),
      candidate(),
    ]);
    expect(asked[0]).toBeCloseTo(0.1 / 2.6, 2);
    expect(asked[2]).toBeCloseTo(0.5 / 2.6, 2);
  });
});

describe("panic", () => {
  test("begins below half of the weight", () => {
    expect(one([candidate(), candidate(), away(1_000), away(1_000)])).toMatchObject({ why: "balanced" });
    expect(one([candidate(), away(1_000), away(1_000)])).toMatchObject({ why: "panic" });
    expect(one([candidate({ weight: 1 }), away(1_000, { weight: 3 })])).toMatchObject({ why: "panic" });
  });

  test("asks an available one in every pair that it is in, else the one that comes back first", () => {
    const asked = probabilities([away(9_000), candidate(), away(4_000)]);
    expect(asked[0]).toBe(0);
    expect(asked[1]).toBeCloseTo(2 / 3, 2);
    expect(asked[2]).toBeCloseTo(1 / 3, 2);
  });

  test("does not ask for, nor count, what is away for longer than a judgement on health lasts", () => {
    const pool = [candidate(), away(3_600_000), away(Number.POSITIVE_INFINITY)];
    expect(one(pool)).toEqual({ kind: "go", index: 0, why: "only" });
    expect(probabilities(pool)).toEqual([1, 0, 0]);
  });

  test("does not come of those that are busy, nor ask them", () => {
    const busy = candidate({ state: "busy", availableAtMs: nowMs + 100 });
    expect(one([candidate(), busy, busy])).toEqual({ kind: "go", index: 0, why: "only" });
    expect(probabilities([candidate(), busy, away(1_000), away(1_000)])[1]).toBe(0);
    expect(one([busy, away(1_000)], 100)).toEqual({ kind: "wait", index: 0, untilMs: nowMs + 100 });
  });

  test("between available ones the less loaded is asked", () => {
    const asked = probabilities([candidate({ costMs: 500 }), candidate(), away(1), away(1), away(1)]);
    expect(asked[1]).toBeGreaterThan(asked[0] ?? 1);
  });
});

describe("none available", () => {
  test("waits for the one that comes back first where the caller can", () => {
    const pool = [away(9_000), away(4_000), away(7_000)];
    expect(one(pool, 4_000)).toEqual({ kind: "wait", index: 1, untilMs: nowMs + 4_000 });
  });

  test("refuses where the caller cannot, and says when", () => {
    expect(one([away(9_000), away(4_000)], 3_999)).toEqual({ kind: "none", retryAtMs: nowMs + 4_000 });
  });

  test("says when the day's quota comes back", () => {
    expect(one([away(3_600_000)], 1_000)).toEqual({ kind: "none", retryAtMs: nowMs + 3_600_000 });
  });

  test("knows of no time where all are away for good, or there are none", () => {
    expect(one([away(Number.POSITIVE_INFINITY)], 1e9)).toEqual({ kind: "none", retryAtMs: undefined });
    expect(one([], 1e9)).toEqual({ kind: "none", retryAtMs: undefined });
  });

  test("asks one whose time has come although it is not ready: the last resort", () => {
    const pool = [away(9_000), candidate({ state: "unavailable", availableAtMs: nowMs - 1 })];
    expect(one(pool)).toEqual({ kind: "go", index: 1, why: "last-resort" });
  });
});

describe("laws", () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const anyCandidate: fc.Arbitrary<Candidate> = fc.record({
    weight: fc.double({ min: 0.001, max: 1_000, noNaN: true }),
    share: fc.constantFrom(0.1, 0.25, 0.5, 1, 1, 1),
    costMs: fc.option(fc.double({ min: 0, max: 600_000, noNaN: true }), { nil: undefined }),
    inFlight: fc.nat(200),
    state: fc.constantFrom("ready", "ready", "unavailable", "busy"),
    availableAtMs: fc.oneof(
      fc.constantFrom(0, nowMs, Number.POSITIVE_INFINITY),
      fc.integer({ min: -400_000, max: 400_000 }).map((byMs) => nowMs + byMs),
    ),
  });
  const pools = fc.array(anyCandidate, { maxLength: 50 });
  const isAvailable = ({ state, availableAtMs }: Candidate): boolean =>
    state === "ready" && availableAtMs <= nowMs;

  test("outside panic and last resort only an available one is asked; nobody who is away for good ever", () => {
    fc.assert(
      fc.property(pools, unit, unit, fc.nat(400_000), (pool, first, second, waitMsMax) => {
        const picked = pick(pool, { nowMs, draws: [first, second], waitMsMax });
        if (picked.kind === "none") return;
        const asked = pool[picked.index];
        expect(asked?.availableAtMs).toBeLessThan(Number.POSITIVE_INFINITY);
        if (picked.kind === "go" && picked.why !== "panic" && picked.why !== "last-resort")
          expect(asked && isAvailable(asked)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("somebody is asked wherever somebody is available", () => {
    fc.assert(
      fc.property(pools, unit, unit, (pool, first, second) => {
        const picked = pick(pool, { nowMs, draws: [first, second], waitMsMax: 0 });
        if (pool.some(isAvailable)) expect(picked.kind).toBe("go");
      }),
      { numRuns: 2_000 },
    );
  });

  test("a wait ends in time, when its deployment comes back, before all others", () => {
    fc.assert(
      fc.property(pools, unit, unit, fc.nat(400_000), (pool, first, second, waitMsMax) => {
        const picked = pick(pool, { nowMs, draws: [first, second], waitMsMax });
        if (picked.kind !== "wait") return;
        expect(picked.untilMs).toBe(Math.min(...pool.map(({ availableAtMs }) => availableAtMs)));
        expect(picked.untilMs).toBe(pool[picked.index]?.availableAtMs);
        expect(picked.untilMs - nowMs).toBeLessThanOrEqual(waitMsMax);
      }),
      { numRuns: 2_000 },
    );
  });

  test("the same pool and draws give the same answer, whatever was asked in between", () => {
    fc.assert(
      fc.property(pools, pools, unit, unit, (pool, other, first, second) => {
        const options = { nowMs, draws: [first, second], waitMsMax: 1_000 } as const;
        const picked = pick(pool, options);
        pick(other, options);
        expect(pick(pool, options)).toEqual(picked);
      }),
    );
  });
});
