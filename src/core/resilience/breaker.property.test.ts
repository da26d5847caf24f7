import fc from "fast-check";
import { expect, test } from "vitest";
import { Breaker, breakerDefaults } from "./breaker.ts";
import type { BreakerOutcome } from "./reactions.ts";

const outcome = fc.constantFrom<BreakerOutcome>(
  "success",
  "slow",
  "failure",
  "rate-only",
  "refused",
  "ignored",
);
const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** What may happen: a request comes (and is sent if the breaker admits it, or in a panic), or one under way ends. */
const step = fc.record({
  afterMs: fc.oneof(fc.nat(50), fc.nat(20_000)),
  begins: fc.boolean(),
  panics: fc.boolean(),
  which: fc.nat(),
  outcome,
  jitter,
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface UnderWay {
  readonly ticket: number;
  readonly isProbe: boolean;
}

/** Runs the steps; tells after each how many admitted probes of the present half-open time are under way. */
function run(breaker: Breaker, steps: readonly Step[], check: (probes: number) => void) {
  const underWay: UnderWay[] = [];
  let nowMs = 0;
  for (const { afterMs, begins, panics, which, outcome, jitter } of steps) {
    nowMs += afterMs;
    const admission = breaker.admission(nowMs);
    if (begins && (admission !== "open" || panics)) {
      underWay.push({ ticket: breaker.began(nowMs), isProbe: admission === "probe" });
    } else if (underWay.length > 0) {
      const [ended] = underWay.splice(which % underWay.length, 1);
      breaker.ended(ended?.ticket ?? 0, outcome, nowMs, jitter);
    }
    const { state } = breaker.state(nowMs);
    const current = Math.max(0, ...underWay.map(({ ticket }) => ticket));
    check(
      state === "half-open"
        ? underWay.filter(({ ticket, isProbe }) => isProbe && ticket === current).length
        : 0,
    );
  }
  return { underWay, nowMs };
}

test("a half-open breaker never has more probes under way than it may", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const settings = { ...breakerDefaults, openMsMax: 20_000 };
      run(new Breaker(settings), steps, (probes) => expect(probes).toBeLessThanOrEqual(3));
    }),
  );
});

test("whatever happened before, three good answers after the open time close it, as soon as the old probes are over", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const breaker = new Breaker();
      const { underWay, nowMs } = run(breaker, steps, () => undefined);
      for (const { ticket } of underWay) breaker.ended(ticket, "ignored", nowMs, 0);
      const laterMs = Math.max(nowMs, breaker.openUntilMs);
      expect(laterMs - nowMs).toBeLessThanOrEqual(breakerDefaults.openMsMax);
      for (let answer = 0; answer < 3; answer += 1) {
        expect(breaker.admission(laterMs)).not.toBe("open");
        breaker.ended(breaker.began(laterMs), "success", laterMs, 0);
      }
      expect(breaker.admission(laterMs)).toBe("closed");
    }),
  );
});

test("even when no probe's end was ever told, it closes in the end", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const breaker = new Breaker();
      const { nowMs } = run(breaker, steps, () => undefined);
      const { openMsMax, probeMsMax } = breakerDefaults;
      const laterMs = nowMs + openMsMax + probeMsMax + 1;
      for (let answer = 0; answer < 3; answer += 1)
        breaker.ended(breaker.began(laterMs), "success", laterMs, 0);
      expect(breaker.admission(laterMs)).toBe("closed");
    }),
  );
});

test("its counts are those of the last 27 to 30 s, exactly", () => {
  const call = fc.record({
    afterMs: fc.nat(6000),
    outcome: fc.constantFrom("success", "failure", "slow"),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (sequence) => {
      // It never opens: shares and rows are out of reach.
      const breaker = new Breaker({ ...breakerDefaults, failuresInRow: 1e9, callsMin: 1e9 });
      const seen: { readonly atMs: number; readonly outcome: string }[] = [];
      let nowMs = 0;
      for (const { afterMs, outcome } of sequence) {
        nowMs += afterMs;
        seen.push({ atMs: nowMs, outcome });
        breaker.ended(breaker.began(nowMs), outcome, nowMs, 0);
        const oldest = (Math.floor(nowMs / 3000) - 9) * 3000;
        const counted = seen.filter(({ atMs }) => atMs >= oldest);
        expect(breaker.state(nowMs)).toMatchObject({
          calls: counted.length,
          failures: counted.filter(({ outcome }) => outcome === "failure").length,
          slow: counted.filter(({ outcome }) => outcome === "slow").length,
        });
      }
    }),
  );
});
