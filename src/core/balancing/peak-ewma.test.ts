import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readVector } from "../../../test/support/read-vector.ts";
import { loadOf, PeakEwma } from "./peak-ewma.ts";

const vectors = z
  .object({
    finaglePeakEwma: z.object({
      tauMs: z.number(),
      events: z.array(
        z.discriminatedUnion("op", [
          z.object({ op: z.literal("load"), tMs: z.number(), value: z.number() }),
          z.object({ op: z.literal("start"), tMs: z.number() }),
          z.object({ op: z.literal("end"), tMs: z.number(), startedAtMs: z.number() }),
        ]),
      ),
    }),
  })
  .parse(readVector("reliability/throttling-and-balancing.json")).finaglePeakEwma;

const nanosecondsPerMs = 1e6;

test("it gives the golden loads of Finagle's formula", () => {
  const ewma = new PeakEwma(vectors.tauMs);
  let inFlight = 0;
  for (const event of vectors.events) {
    if (event.op === "start") inFlight += 1;
    else if (event.op === "end") {
      inFlight -= 1;
      // The vectors' samples are in nanoseconds; the formula does not care.
      ewma.observe((event.tMs - event.startedAtMs) * nanosecondsPerMs, event.tMs);
    } else {
      const load = ewma.load(inFlight, event.tMs);
      expect(Math.abs(load - event.value)).toBeLessThanOrEqual(event.value * 1e-12);
    }
  }
});

describe("cost", () => {
  test("a sample above it becomes it", () => {
    const ewma = new PeakEwma();
    ewma.observe(200, 0);
    ewma.observe(900, 10);
    expect(ewma.costMs(10)).toBe(900);
  });

  test("a lower sample is mixed in by the time since the one before", () => {
    const ewma = new PeakEwma(10_000);
    ewma.observe(1_000, 0);
    ewma.observe(100, 5_000);
    expect(ewma.costMs(5_000)).toBeCloseTo(1_000 * Math.exp(-0.5) + 100 * (1 - Math.exp(-0.5)), 9);
  });

  test("it converges to steady samples after a peak", () => {
    const ewma = new PeakEwma();
    ewma.observe(60_000, 0);
    for (let nowMs = 100; nowMs <= 100_000; nowMs += 100) ewma.observe(300, nowMs);
    expect(ewma.costMs(100_000)).toBeCloseTo(300, 0);
  });

  test("without samples it falls towards 0, so that the deployment is asked again", () => {
    const ewma = new PeakEwma();
    ewma.observe(1_000, 0);
    expect(ewma.costMs(100_000)).toBeCloseTo(1_000 * Math.exp(-10), 9);
  });

  test("reading changes nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60_000), { maxLength: 20 }), fc.nat(20_000), (reads, sampleMs) => {
        const [read, unread] = [new PeakEwma(), new PeakEwma()];
        for (const ewma of [read, unread]) ewma.observe(700, 0);
        for (const nowMs of reads) read.load(3, nowMs);
        for (const ewma of [read, unread]) ewma.observe(sampleMs, 60_000);
        expect(read.costMs(60_000)).toBe(unread.costMs(60_000));
      }),
    );
  });

  test("it stays between 0 and the largest sample, whatever the clock does", () => {
    const samples = fc.array(fc.record({ ms: fc.nat(600_000), nowMs: fc.nat(1_000_000) }), { minLength: 1 });
    fc.assert(
      fc.property(samples, (events) => {
        const ewma = new PeakEwma();
        for (const { ms, nowMs } of events) ewma.observe(ms, nowMs);
        const costMs = ewma.costMs(500_000) ?? Number.NaN;
        expect(costMs).toBeGreaterThanOrEqual(0);
        expect(costMs).toBeLessThanOrEqual(Math.max(...events.map(({ ms }) => ms)));
      }),
    );
  });
});

describe("penalty", () => {
  test.each([
    { ms: 3, hintMs: undefined, cost: 5_000, why: "a fast failure counts 5 s" },
    { ms: 9_000, hintMs: undefined, cost: 9_000, why: "a slow one what it took" },
    { ms: 3, hintMs: 38_000, cost: 38_000, why: "a hint to stay away counts" },
    { ms: 3, hintMs: 90_000_000, cost: 300_000, why: "a hint counts for 300 s at most" },
  ])("$why", ({ ms, hintMs, cost }) => {
    const ewma = new PeakEwma();
    ewma.observe(200, 0);
    ewma.penalize(ms, hintMs, 10);
    expect(ewma.costMs(10)).toBe(cost);
  });
});

describe("load", () => {
  test("grows with what is in flight", () => {
    expect(loadOf(300, 0)).toBe(300);
    expect(loadOf(300, 4)).toBe(1_500);
  });

  test("one that was never asked is tried first, and not asked again before it has answered", () => {
    const fresh = new PeakEwma();
    const slow = loadOf(600_000, 1_000);
    expect(fresh.load(0, 0)).toBe(0);
    expect(fresh.load(1, 0)).toBeGreaterThan(slow);
    expect(fresh.load(2, 0)).toBeGreaterThan(fresh.load(1, 0));
    fresh.observe(400, 400);
    expect(fresh.load(1, 400)).toBe(800);
  });
});
