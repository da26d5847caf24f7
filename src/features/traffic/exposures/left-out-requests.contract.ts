import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unitMeasures } from "#core/experiments/plan/unit-measures.ts";
import { quantileMeasures, type QuantileMeasure } from "./experiment-quantile.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import type { RequestLogStore } from "#features/traffic/store.ts";

const phase = { experiment: "flash-or-pro", phase: 2 };
const minuteMs = 60_000;
const within = (from: number, to: number) => ({
  fromMs: noonMs + from * minuteMs,
  toMs: noonMs + to * minuteMs,
});

/** A request of a unit some minutes after noon, told apart by a number. */
function asked(
  number: number,
  {
    minute = 0,
    unit = "a",
    variant = "fast",
    degraded = "elsewhere",
    ...changes
  }: Omit<Partial<RequestRecord>, "unit"> & {
    readonly minute?: number;
    readonly unit?: string;
    readonly variant?: string;
    readonly degraded?: "elsewhere" | "fallback" | "shorter" | "cached";
  } = {},
): RequestRecord {
  const startedAtMs = noonMs + minute * minuteMs;
  return testRecord({
    requestId: testId(startedAtMs, number),
    startedAtMs,
    decision: testDecision({ experiment: testAssignment({ unit, variant }), degraded }),
    ...changes,
  });
}

/**
 * What every request log must tell of experiments where requests are left out, and of units that no fallback answered.
 * @param emptyStore gives an empty store before each test
 */
export function leftOutRequestsContract(name: string, emptyStore: () => Promise<RequestLogStore>): void {
  describe(`requests that are left out: ${name}`, () => {
    const filled = async (records: readonly RequestRecord[]): Promise<RequestLogStore> => {
      const store = await emptyStore();
      await store.insert(records);
      return store;
    };
    const requestsOf = async (store: RequestLogStore, query: object) =>
      (await store.experimentMoments({ ...phase, ...query, measures: ["requests"] })).map(
        ({ variant, units, means: [mean = 0] }) => `${variant} ${units} ${mean * units}`,
      );

    test("requests of a time go off the sums of their units, and units without others go as a whole", async () => {
      const store = await filled([
        asked(1, { minute: 0 }),
        asked(2, { minute: 5 }),
        asked(3, { minute: 7, unit: "b" }),
        asked(4, { minute: 8, unit: "c", variant: "deep" }),
      ]);
      expect(await requestsOf(store, {})).toEqual(["deep 1 1", "fast 2 3"]);
      expect(await requestsOf(store, { without: [] })).toEqual(["deep 1 1", "fast 2 3"]);
      expect(await requestsOf(store, { without: [within(5, 8)] })).toEqual(["deep 1 1", "fast 1 1"]);
      expect(await requestsOf(store, { without: [within(0, 1), within(7, 9)] })).toEqual(["fast 1 1"]);
      const timed = { ...phase, measure: "totalMs", level: 0.5, alpha: 0.05 } as const;
      const found = await store.experimentQuantile({ ...timed, without: [within(5, 8)] });
      expect(found.map(({ variant, count }) => `${variant} ${count}`)).toEqual(["deep 1", "fast 1"]);
    });

    test("what the log still has of a time is counted; rows that are gone stay in sums", async () => {
      const store = await filled([asked(1), asked(2, { minute: 5 }), asked(3, { minute: 5, unit: "b" })]);
      expect(await store.experimentLogged({ ...phase, within: [within(5, 6)] })).toBe(2);
      expect(await store.experimentLogged({ ...phase, phase: 1, within: [within(5, 6)] })).toBe(0);
      await store.dropBefore("2026-12-31", "rows");
      expect(await store.experimentLogged({ ...phase, within: [within(5, 6)] })).toBe(0);
      expect(await requestsOf(store, { without: [within(5, 6)] })).toEqual(["fast 2 3"]);
    });

    test("per protocol only units count that no fallback ever answered", async () => {
      const store = await filled([
        asked(1),
        asked(2, { degraded: "fallback" }),
        asked(3, { unit: "b", degraded: "cached" }),
        asked(4, { unit: "c", variant: "deep", degraded: "shorter" }),
        asked(5, { unit: "d", variant: "deep", outcome: "failed" }),
      ]);
      expect(await requestsOf(store, { perProtocol: true })).toEqual(["deep 1 1", "fast 1 1"]);
      const timed = { ...phase, measure: "firstContentMs", level: 0.5, alpha: 0.05 } as const;
      const counts = async (query: object) =>
        (await store.experimentQuantile({ ...timed, ...query })).map(
          ({ variant, count }) => `${variant} ${count}`,
        );
      expect(await counts({})).toEqual(["deep 2", "fast 2"]);
      expect(await counts({ perProtocol: true })).toEqual(["deep 1"]);
    });

    test("for any requests, what remains is what the others come to", async () => {
      const request = fc.record({
        minute: fc.nat(9),
        unit: fc.constantFrom("a", "b", "c", "d"),
        outcome: fc.constantFrom("completed", "failed", "aborted"),
        degraded: fc.constantFrom("elsewhere", "fallback", "cached"),
        ms: fc.integer({ min: 1, max: 9_000 }),
      });
      const time = fc.record({ from: fc.nat(8), minutes: fc.integer({ min: 1, max: 3 }) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(request, { minLength: 1, maxLength: 30 }),
          fc.array(time, { minLength: 1, maxLength: 2 }),
          async (requests, times) => {
            const without = times.map(({ from, minutes }) => within(from, from + minutes));
            const records = requests.map(({ ms, ...changes }, number) =>
              asked(number, {
                ...changes,
                variant: changes.unit < "c" ? "fast" : "deep",
                usage: {
                  inputTokens: ms,
                  cachedInputTokens: 0,
                  toolInputTokens: 1,
                  outputTokens: ms,
                  thinkingTokens: 2,
                },
                cost: { picoDollars: ms * 1_000, estimated: false, unpricedAttempts: ms % 2 },
                timings: {
                  queueMs: 0,
                  gatewayMs: 0,
                  totalMs: ms,
                  firstContentMs: ms / 4,
                  lastContentMs: ms / 2,
                },
              }),
            );
            const others = records.filter(
              ({ startedAtMs }) =>
                !without.some(({ fromMs, toMs }) => startedAtMs >= fromMs && startedAtMs < toMs),
            );
            const read = async (store: RequestLogStore, query: object) => ({
              moments: rounded(await store.experimentMoments({ ...phase, ...query, measures: unitMeasures })),
              quantiles: await Promise.all(
                quantiles.map((measure) =>
                  store.experimentQuantile({ ...phase, ...query, measure, level: 0.5, alpha: 0.2 }),
                ),
              ),
            });
            const left = await read(await filled(records), { without });
            expect(left).toEqual(await read(await filled(others), {}));
          },
        ),
        { numRuns: 15 },
      );
    });
  });
}

const quantiles = Object.keys(quantileMeasures) as readonly QuantileMeasure[];

/** Without what subtraction leaves of nothing. */
function rounded(moments: Awaited<ReturnType<RequestLogStore["experimentMoments"]>>) {
  const near = (value: number): number => Number(value.toPrecision(9)) + 0;
  return moments.map(({ means, deviations, ...same }) => ({
    ...same,
    means: means.map(near),
    deviations: deviations.map((row) => row.map((one) => (Math.abs(one) < 1e-3 ? 0 : near(one)))),
  }));
}
