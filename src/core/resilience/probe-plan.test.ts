import fc from "fast-check";
import { expect, test } from "vitest";
import { ProbePlan, usualProbePolicy, type ProbeCandidate } from "./probe-plan.ts";

const secondMs = 1_000;
const idle = (deployment: string, trafficAtMs: number | undefined = 0): ProbeCandidate => ({
  deployment,
  state: "closed",
  trafficAtMs,
});

test("a deployment is probed after a minute without traffic, then after another minute", () => {
  const plan = new ProbePlan();
  expect(plan.next([idle("a")], 59_999)).toBeUndefined();
  expect(plan.next([idle("a")], 60_000)).toBe("a");
  expect(plan.next([idle("a")], 119_999)).toBeUndefined();
  expect(plan.next([idle("a")], 120_000)).toBe("a");
});

test("with traffic it never is", () => {
  const plan = new ProbePlan();
  for (let nowMs = 0; nowMs < 600_000; nowMs += 30_000)
    expect(plan.next([idle("a", nowMs - 1)], nowMs)).toBeUndefined();
});

test("a half-open one is probed before idle ones, unless real requests try it; an open one is left alone", () => {
  const plan = new ProbePlan();
  const halfOpen: ProbeCandidate = { deployment: "half", state: "half-open", trafficAtMs: 94 * secondMs };
  const open: ProbeCandidate = { deployment: "open", state: "open", trafficAtMs: undefined };
  const all = [open, idle("a"), halfOpen];
  expect(plan.next(all, 100 * secondMs)).toBe("half");
  expect(plan.next(all, 100 * secondMs)).toBe("a");
  expect(plan.next(all, 100 * secondMs)).toBeUndefined();
  expect(plan.next(all, 105 * secondMs)).toBe("half");
  expect(plan.next([{ ...halfOpen, trafficAtMs: 109 * secondMs }], 110 * secondMs)).toBeUndefined();
});

test("of idle ones that comes first which was not heard of longest; one that never was is first of all", () => {
  const plan = new ProbePlan();
  const all = [
    idle("b", 20),
    idle("a", 10),
    { deployment: "new", state: "closed", trafficAtMs: undefined } as const,
  ];
  expect([1, 2, 3, 4].map(() => plan.next(all, 100 * secondMs))).toEqual(["new", "a", "b", undefined]);
});

test("law: never more than so many a minute, never the same too soon, never an open one", () => {
  const candidate = fc.record({
    deployment: fc.constantFrom("a", "b", "c", "d", "e"),
    state: fc.constantFrom("closed", "half-open", "open"),
    trafficAtMs: fc.option(fc.nat(600_000), { nil: undefined }),
  });
  const round = fc.record({
    afterMs: fc.nat(8_000),
    candidates: fc.uniqueArray(candidate, { selector: ({ deployment }) => deployment }),
  });
  fc.assert(
    fc.property(fc.array(round, { maxLength: 200 }), (rounds) => {
      const plan = new ProbePlan({ ...usualProbePolicy, perMinuteMax: 5 });
      const probes: { atMs: number; deployment: string }[] = [];
      let nowMs = 0;
      for (const { afterMs, candidates } of rounds) {
        nowMs += afterMs;
        const deployment = plan.next(candidates, nowMs);
        if (deployment === undefined) continue;
        expect(candidates.find((one) => one.deployment === deployment)?.state).not.toBe("open");
        probes.push({ atMs: nowMs, deployment });
        expect(probes.filter(({ atMs }) => atMs > nowMs - 60_000).length).toBeLessThanOrEqual(5);
      }
    }),
  );
});
