import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantileEstimate, quantileEstimateOf, quantilePlaces } from "#core/statistics/quantile-estimate.ts";
import { must } from "../../../../test/support/must.ts";
import type { QuantileQuery } from "./experiment-quantile.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import type { RequestLogStore } from "#features/traffic/store.ts";

const median = {
  experiment: "flash-or-pro",
  phase: 2,
  measure: "totalMs",
  level: 0.5,
  alpha: 0.05,
} as const satisfies QuantileQuery;

/** A request of a unit that took so long, told apart by a number. */
function timed(
  number: number,
  {
    ms,
    assigned = {},
    degraded = "elsewhere",
    ...changes
  }: Partial<RequestRecord> & {
    readonly ms: number;
    readonly assigned?: Parameters<typeof testAssignment>[0];
    readonly degraded?: "elsewhere" | "cached" | "fallback";
  },
): RequestRecord {
  return testRecord({
    requestId: testId(noonMs, number),
    decision: testDecision({ experiment: testAssignment(assigned), degraded }),
    timings: { queueMs: 0, gatewayMs: 1, totalMs: ms, firstContentMs: ms / 2 },
    ...changes,
  });
}

/** So many requests of one unit each, of 1 ms, 2 ms, ... */
function rising(count: number): readonly RequestRecord[] {
  return Array.from({ length: count }, (_, number) =>
    timed(number, { ms: number + 1, assigned: { unit: `unit ${number}` } }),
  );
}

/**
 * What every request log must tell of quantiles of experiments.
 * @param emptyStore gives an empty store before each test
 */
export function experimentQuantileContract(name: string, emptyStore: () => Promise<RequestLogStore>): void {
  describe(`quantiles of experiments: ${name}`, () => {
    const countsOf = async (store: RequestLogStore, changes: Partial<QuantileQuery> = {}) =>
      (await store.experimentQuantile({ ...median, ...changes })).map(
        ({ variant, count }) => `${variant} ${count}`,
      );

    test("the values at the places, and for each unit how many are not above the quantile", async () => {
      const store = await emptyStore();
      await store.insert(rising(20));
      const [found, ...others] = await store.experimentQuantile(median);
      if (!found || others.length > 0) expect.unreachable("one variant is wanted");
      const places = must(quantilePlaces({ count: 20, level: 0.5, alpha: 0.05 }));
      const { values, below } = must(found.around);
      expect({ ...found, around: values }).toEqual({ variant: "fast", count: 20, around: places });
      expect(below.x).toEqual({ count: 20, mean: 1, squaredDeviations: 0 });
      expect(below.y).toEqual({ count: 20, mean: 0.5, squaredDeviations: 5 });
      const firstContent = await store.experimentQuantile({ ...median, measure: "firstContentMs" });
      expect(firstContent.map(({ around }) => must(around).values.at)).toEqual([places.at / 2]);
    });

    test("too few values are counted, and refused with the reason", async () => {
      const store = await emptyStore();
      await store.insert(rising(20));
      const found = await store.experimentQuantile({ ...median, level: 0.95 });
      expect(found).toEqual([
        {
          variant: "fast",
          count: 20,
          around: quantilePlaces({ count: 20, level: 0.95, alpha: 0.05 }),
        },
      ]);
      expect(found.map(({ around }) => around.ok)).toEqual([false]);
    });

    test("those that are summed as timed or as first contents, not an answer that had been kept", async () => {
      const store = await emptyStore();
      await store.insert([
        timed(1, { ms: 100 }),
        timed(2, { ms: 1, degraded: "cached" }),
        timed(3, { ms: 100, degraded: "fallback" }),
        timed(4, { ms: 100, outcome: "failed" }),
        timed(5, { ms: 100, outcome: "aborted" }),
        timed(6, { ms: 100, timings: { queueMs: 0, gatewayMs: 1, totalMs: 100 } }),
      ]);
      for (const [measure, counted] of [
        ["totalMs", "timed"],
        ["firstContentMs", "firstContents"],
      ] as const) {
        const [moments] = await store.experimentMoments({
          experiment: median.experiment,
          phase: median.phase,
          measures: [counted],
        });
        const count = measure === "totalMs" ? 3 : 4;
        expect(await countsOf(store, { measure })).toEqual([`fast ${count}`]);
        expect(moments?.means).toEqual([count]);
      }
    });

    test("only units of that phase of that experiment, which are known, and stable ones where they are asked for", async () => {
      const store = await emptyStore();
      const { unit: _unit, ...unknown } = testAssignment();
      const outside = { name: "flash-or-pro", phase: 2, outside: "why" };
      await store.insert([
        timed(1, { ms: 1 }),
        timed(2, { ms: 1, assigned: { phase: 1 } }),
        timed(3, { ms: 1, assigned: { name: "another" } }),
        timed(4, { ms: 1, assigned: { unit: "by itself", stable: false } }),
        timed(5, { ms: 1, decision: testDecision({ experiment: unknown }) }),
        timed(6, { ms: 1, decision: testDecision({ experiment: outside }) }),
        testRecord({ requestId: testId(noonMs, 7) }),
      ]);
      expect(await countsOf(store)).toEqual(["fast 2"]);
      expect(await countsOf(store, { stable: true })).toEqual(["fast 1"]);
      expect(await countsOf(store, { stable: false })).toEqual(["fast 1"]);
      expect(await countsOf(store, { experiment: "none" })).toEqual([]);
    });

    test("requests whose rows were dropped are gone", async () => {
      const store = await emptyStore();
      await store.insert(rising(3));
      expect(await countsOf(store)).toEqual(["fast 3"]);
      await store.dropBefore("2026-12-31", "rows");
      expect(await countsOf(store)).toEqual([]);
    });

    test("for any requests, the estimate is that of the values at hand, variant by variant", async () => {
      const request = fc.record({ unit: fc.nat(11), ms: fc.integer({ min: 1, max: 40 }) });
      const question = { level: 0.6, alpha: 0.2 };
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 60 }), async (requests) => {
          const store = await emptyStore();
          const variantOf = (unit: number): string => (unit % 2 === 0 ? "Even" : "odd");
          await store.insert(
            requests.map(({ unit, ms }, number) =>
              timed(number, { ms, assigned: { unit: `unit ${unit}`, variant: variantOf(unit) } }),
            ),
          );
          const found = await store.experimentQuantile({ ...median, ...question });
          const byVariant = Map.groupBy(requests, ({ unit }) => variantOf(unit));
          const wanted = ["Even", "odd"].filter((variant) => byVariant.has(variant));
          expect(found.map(({ variant }) => variant)).toEqual(wanted);
          for (const { variant, count, around } of found) {
            const of = byVariant.get(variant) ?? [];
            const values = of.map(({ ms }) => ms);
            const direct = quantileEstimateOf(values, {
              ...question,
              clusters: of.map(({ unit }) => unit),
            });
            const read = around.ok
              ? quantileEstimate({ count, ...question, ...around.value })
              : { ok: false, error: around.error };
            expect(count).toBe(values.length);
            if (direct.ok) expect(must(read as typeof direct).value).toBe(direct.value.value);
            if (direct.ok)
              expect(must(read as typeof direct).standardError).toBeCloseTo(direct.value.standardError, 9);
            else expect(read).toMatchObject({ ok: false, error: { code: direct.error.code } });
          }
        }),
        { numRuns: 20 },
      );
    });
  });
}
