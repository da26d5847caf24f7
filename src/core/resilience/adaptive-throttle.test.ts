import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readVector } from "../../../test/support/read-vector.ts";
import { AdaptiveThrottle, throttleDefaults } from "./adaptive-throttle.ts";

const { sreAdaptiveThrottle: sre } = readVector("reliability/throttling-and-balancing.json") as {
  readonly sreAdaptiveThrottle: {
    readonly windowSeconds: number;
    readonly K: number;
    readonly cases: readonly {
      readonly requests: number;
      readonly accepts: number;
      readonly K: number;
      readonly p: number;
    }[];
  };
};

function throttle(counts: { readonly requests: number; readonly accepts: number }, settings = {}) {
  const made = new AdaptiveThrottle({ ...throttleDefaults, ...settings });
  for (let request = 0; request < counts.requests; request += 1) made.requested(0);
  for (let accept = 0; accept < counts.accepts; accept += 1) made.accepted(0);
  return made;
}

describe("the SRE book's throttle", () => {
  test("has our factor and window", () => {
    expect(throttleDefaults).toMatchObject({ factor: sre.K, windowMs: sre.windowSeconds * 1000 });
  });

  test.each(sre.cases)("of $accepts accepted in $requests with K = $K keeps back $p", (counts) => {
    expect(throttle(counts, { factor: counts.K, shareMax: 1 }).rejectProbability(0)).toBeCloseTo(
      counts.p,
      11,
    );
    expect(throttle(counts, { factor: counts.K }).rejectProbability(0)).toBeCloseTo(
      Math.min(0.9, counts.p),
      11,
    );
  });
});

test("two minutes after an outage nothing is kept back", () => {
  const spared = throttle({ requests: 100, accepts: 0 });
  expect(spared.rejectProbability(119_999)).toBe(0.9);
  expect(spared.rejectProbability(120_000)).toBe(0);
});

test("a tenth at least goes through, and nothing is kept back while half is accepted", () => {
  const call = fc.record({ afterMs: fc.nat(20_000), accepted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 100 }), (calls) => {
      const made = new AdaptiveThrottle();
      const seen: { readonly atMs: number; readonly accepted: boolean }[] = [];
      let nowMs = 0;
      for (const { afterMs, accepted } of calls) {
        nowMs += afterMs;
        made.requested(nowMs);
        if (accepted) made.accepted(nowMs);
        seen.push({ atMs: nowMs, accepted });
        const oldest = (Math.floor(nowMs / 10_000) - 11) * 10_000;
        const recent = seen.filter(({ atMs }) => atMs >= oldest);
        const accepts = recent.filter((one) => one.accepted).length;
        const p = made.rejectProbability(nowMs);
        expect(p).toBeLessThanOrEqual(0.9);
        expect(p).toBeCloseTo(
          Math.min(0.9, Math.max(0, (recent.length - 2 * accepts) / (recent.length + 1))),
          12,
        );
      }
    }),
  );
});

test("with fewer requests than mean anything nothing is kept back", () => {
  const throttle = new AdaptiveThrottle({ ...throttleDefaults, requestsMin: 3 });
  throttle.requested(0);
  throttle.requested(0);
  expect(throttle.rejectProbability(0)).toBe(0);
  throttle.requested(0);
  expect(throttle.rejectProbability(0)).toBe(0.75);
});
