import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readVector } from "../../../test/support/read-vector.ts";
import { ConcurrencyLimit, concurrencyDefaults } from "./concurrency-limit.ts";

const { aimd, aimdDefaults } = readVector("reliability/concurrency-limits.json") as {
  readonly aimd: readonly {
    readonly name: string;
    readonly config: {
      readonly initialLimit: number;
      readonly minLimit?: number;
      readonly maxLimit?: number;
    };
    readonly inflight: number;
    readonly dropped: boolean;
    readonly limit: number;
  }[];
  readonly aimdDefaults: {
    readonly minLimit: number;
    readonly maxLimit: number;
    readonly backoffRatio: number;
  };
};

describe("Netflix's AIMDLimit", () => {
  test("has three cases", () => {
    expect(aimd).toHaveLength(3);
  });

  test.each(aimd)("$name", ({ config, inflight, dropped, limit }) => {
    const { minLimit = aimdDefaults.minLimit, maxLimit = aimdDefaults.maxLimit, initialLimit } = config;
    const adapting = new ConcurrencyLimit({
      initial: initialLimit,
      min: minLimit,
      max: maxLimit,
      backoff: aimdDefaults.backoffRatio,
    });
    adapting.ended(dropped ? "dropped" : "answered", inflight);
    expect(adapting.limit).toBe(limit);
  });
});

test("the limit does not grow while less than half of it is in use", () => {
  const limit = new ConcurrencyLimit();
  limit.ended("answered", 9);
  expect(limit.limit).toBe(20);
  limit.ended("answered", 10);
  expect(limit.limit).toBe(21);
});

test("what says nothing of the load changes nothing", () => {
  const limit = new ConcurrencyLimit();
  limit.ended("ignored", 20);
  expect(limit.limit).toBe(20);
});

test("however much is dropped, one call is admitted, and from there the limit grows again", () => {
  const limit = new ConcurrencyLimit();
  for (let drop = 0; drop < 100; drop += 1) limit.ended("dropped", 20);
  expect(limit.limit).toBe(1);
  expect(limit.admits(0)).toBe(true);
  expect(limit.admits(1)).toBe(false);
  limit.ended("answered", 1);
  expect(limit.limit).toBe(2);
});

test("the limit is a whole number within its bounds, falls at drops only and by a tenth at least", () => {
  const call = fc.record({ dropped: fc.boolean(), inFlight: fc.nat(300) });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 300 }), (calls) => {
      const adapting = new ConcurrencyLimit();
      for (const { dropped, inFlight } of calls) {
        const before = adapting.limit;
        adapting.ended(dropped ? "dropped" : "answered", inFlight);
        const { limit } = adapting;
        expect(Number.isInteger(limit)).toBe(true);
        expect(limit).toBeGreaterThanOrEqual(concurrencyDefaults.min);
        expect(limit).toBeLessThanOrEqual(concurrencyDefaults.max);
        if (dropped) expect(limit).toBeLessThanOrEqual(Math.max(1, before * 0.9));
        else expect([before, before + 1]).toContain(limit);
      }
    }),
  );
});
