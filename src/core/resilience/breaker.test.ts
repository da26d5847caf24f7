import { describe, expect, test } from "vitest";
import { Breaker, breakerDefaults } from "./breaker.ts";
import type { BreakerOutcome } from "./reactions.ts";

/** One call after the other, each over before the next begins. */
function calls(breaker: Breaker, outcomes: readonly BreakerOutcome[], nowMs: number, jitter = 0): void {
  for (const outcome of outcomes) breaker.ended(breaker.began(nowMs), outcome, nowMs, jitter);
}

function times(count: number, outcome: BreakerOutcome): readonly BreakerOutcome[] {
  return Array.from({ length: count }, () => outcome);
}

function opened(nowMs = 0): Breaker {
  const breaker = new Breaker();
  calls(breaker, times(5, "failure"), nowMs);
  return breaker;
}

describe("a closed breaker opens", () => {
  test("at the fifth failure in a row, not at the fourth", () => {
    const breaker = new Breaker();
    calls(breaker, times(4, "failure"), 0);
    expect(breaker.admission(0)).toBe("closed");
    calls(breaker, ["failure"], 0);
    expect(breaker.admission(0)).toBe("open");
    expect(breaker.state(0)).toEqual({
      state: "open",
      sinceMs: 0,
      openUntilMs: 5000,
      reason: "failures-in-row",
      openings: 1,
      calls: 5,
      failures: 5,
      slow: 0,
    });
  });

  test("at no number of failures with answers in between, as long as four fifths succeed", () => {
    const breaker = new Breaker();
    for (let round = 0; round < 50; round += 1) {
      calls(breaker, [...times(4, "success"), "failure"], round * 500);
    }
    expect(breaker.admission(25_000)).toBe("closed");
  });

  test("when less than four fifths succeed, but not before ten calls", () => {
    const breaker = new Breaker();
    const mixed = ["success", "failure", "success", "failure"] as const;
    calls(breaker, [...mixed, ...mixed, "success"], 0);
    expect(breaker.admission(0)).toBe("closed");
    calls(breaker, ["failure"], 0);
    expect(breaker.state(0)).toMatchObject({ state: "open", reason: "success-share" });
  });

  test("when half of the answers are slow, but not before ten answers", () => {
    const breaker = new Breaker();
    calls(breaker, [...times(5, "success"), ...times(4, "slow")], 0);
    expect(breaker.admission(0)).toBe("closed");
    calls(breaker, ["slow"], 0);
    expect(breaker.state(0)).toMatchObject({ state: "open", reason: "slow-first-content" });
  });

  test("at short capacity by its share, never by its row", () => {
    const breaker = new Breaker();
    calls(breaker, times(9, "rate-only"), 0);
    expect(breaker.admission(0)).toBe("closed");
    calls(breaker, ["rate-only"], 0);
    expect(breaker.state(0)).toMatchObject({ state: "open", reason: "success-share" });
  });

  test("never at refusals and at what says nothing of the deployment", () => {
    const breaker = new Breaker();
    calls(breaker, [...times(4, "failure"), ...times(50, "ignored"), ...times(50, "refused")], 0);
    expect(breaker.admission(0)).toBe("closed");
    // They are no successes either: the row goes on.
    calls(breaker, ["failure"], 0);
    expect(breaker.admission(0)).toBe("open");
  });

  test("at what lies within 30 s only", () => {
    const breaker = new Breaker();
    calls(breaker, [...times(4, "failure"), ...times(2, "success")], 0);
    calls(breaker, times(3, "failure"), 33_000);
    expect(breaker.admission(33_000)).toBe("closed");
    expect(breaker.state(33_000)).toMatchObject({ calls: 3, failures: 3 });
    expect(breaker.state(70_000)).toMatchObject({ calls: 0 });
  });
});

describe("an open breaker", () => {
  test("lets nobody in before its time, and three at once then", () => {
    const breaker = opened();
    expect(breaker.openUntilMs).toBe(5000);
    expect(breaker.admission(4999)).toBe("open");
    for (let probe = 0; probe < 3; probe += 1) {
      expect(breaker.admission(5000)).toBe("probe");
      breaker.began(5000);
    }
    expect(breaker.admission(5000)).toBe("open");
    expect(breaker.state(5000).state).toBe("half-open");
  });

  test("is open for longer each time: from 5 s to 300 s, the upper half by chance", () => {
    const lengths = (jitter: number) => {
      const breaker = new Breaker();
      calls(breaker, times(5, "failure"), 0, jitter);
      let nowMs = breaker.openUntilMs;
      const found = [nowMs];
      for (let opening = 1; opening < 8; opening += 1) {
        calls(breaker, ["failure"], nowMs, jitter);
        found.push(breaker.openUntilMs - nowMs);
        nowMs = breaker.openUntilMs;
      }
      return found;
    };
    expect(lengths(0)).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 150_000, 150_000, 150_000]);
    expect(lengths(0.5)).toEqual([7500, 15_000, 30_000, 60_000, 120_000, 225_000, 225_000, 225_000]);
  });

  test("is open for at most as long as it was told", () => {
    const breaker = new Breaker({ ...breakerDefaults, openMsMax: 20_000 });
    calls(breaker, times(5, "failure"), 0, 0.999);
    for (let opening = 0; opening < 10; opening += 1) {
      const nowMs = breaker.openUntilMs;
      calls(breaker, ["failure"], nowMs, 0.999);
      expect(breaker.openUntilMs - nowMs).toBeLessThan(20_000);
    }
  });

  test("takes no notice of calls that were sent against its advice", () => {
    const breaker = opened();
    const panic = breaker.began(1000);
    const probes = [breaker.began(5000), breaker.began(5000), breaker.began(5000)];
    const surplus = breaker.began(5000);
    breaker.ended(panic, "failure", 5001, 0);
    breaker.ended(surplus, "failure", 5001, 0);
    expect(breaker.state(5001).state).toBe("half-open");
    for (const probe of probes) breaker.ended(probe, "success", 5002, 0);
    expect(breaker.admission(5002)).toBe("closed");
  });
});

describe("a half-open breaker", () => {
  test("closes when three probes have passed, with counters at zero", () => {
    const breaker = opened();
    calls(breaker, times(2, "success"), 5000);
    expect(breaker.state(5000).state).toBe("half-open");
    calls(breaker, ["success"], 5000);
    expect(breaker.state(5000)).toMatchObject({ state: "closed", calls: 0, failures: 0 });
    calls(breaker, times(4, "failure"), 5000);
    expect(breaker.admission(5000)).toBe("closed");
  });

  test.each(["failure", "slow", "rate-only", "refused"] as const)(
    "opens again, and for longer, at a probe that ends as %s",
    (outcome) => {
      const breaker = opened();
      calls(breaker, ["success", "success", outcome], 5000);
      expect(breaker.state(5000)).toMatchObject({ state: "open", reason: "probe-failed", openings: 2 });
      expect(breaker.openUntilMs).toBe(15_000);
    },
  );

  test("gives a probe's place back when its client went away", () => {
    const breaker = opened();
    const probes = [breaker.began(5000), breaker.began(5000), breaker.began(5000)];
    expect(breaker.admission(5000)).toBe("open");
    breaker.ended(probes[0] ?? 0, "ignored", 5000, 0);
    expect(breaker.admission(5000)).toBe("probe");
    calls(breaker, times(100, "ignored"), 5000);
    expect(breaker.admission(5000)).toBe("probe");
  });

  test("takes no notice of calls that began before it opened, nor of probes of an earlier time", () => {
    const breaker = new Breaker();
    const early = breaker.began(0);
    calls(breaker, times(5, "failure"), 0);
    const late = breaker.began(5000);
    breaker.ended(early, "failure", 5001, 0);
    expect(breaker.state(5001).state).toBe("half-open");
    calls(breaker, ["failure"], 5001);
    breaker.ended(late, "success", 5002, 0);
    calls(breaker, times(2, "success"), breaker.openUntilMs);
    expect(breaker.state(breaker.openUntilMs).state).toBe("half-open");
  });

  test("takes a probe's place back when nobody reports its end", () => {
    const breaker = opened();
    const lost = [breaker.began(5000), breaker.began(5000), breaker.began(5000)];
    expect(breaker.admission(605_000)).toBe("open");
    expect(breaker.admission(605_001)).toBe("probe");
    calls(breaker, times(2, "success"), 605_001);
    for (const ticket of lost) breaker.ended(ticket, "failure", 605_002, 0);
    calls(breaker, ["success"], 605_003);
    expect(breaker.admission(605_003)).toBe("closed");
  });
});

describe("a breaker that has recovered", () => {
  function recovered(): Breaker {
    const breaker = opened();
    calls(breaker, ["failure"], 5000);
    calls(breaker, times(3, "success"), 15_000);
    return breaker;
  }

  test("opens for still longer when it fails again soon", () => {
    const breaker = recovered();
    calls(breaker, times(5, "failure"), 74_999);
    expect(breaker.openUntilMs - 74_999).toBe(20_000);
  });

  test("opens for the shortest time again after a calm minute", () => {
    const breaker = recovered();
    calls(breaker, times(5, "failure"), 75_000);
    expect(breaker.openUntilMs - 75_000).toBe(5000);
  });
});
