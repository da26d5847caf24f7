import { expect, test } from "vitest";
import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";
import type { RequestLogStore } from "#features/traffic/index.ts";
import { phaseTraffic } from "#features/experiments/results/phase-traffic.ts";

const minuteMs = 60_000;
const phase = { experiment: "flash-or-pro", phase: 2 };

/** A log with so many requests in each of so many minutes, what is special about each told by its number. */
async function logged(
  count: number,
  special: (number: number) => {
    readonly assigned?: Parameters<typeof testAssignment>[0];
    readonly degraded?: "cached" | "fallback" | "elsewhere";
    readonly outcome?: "failed";
  },
): Promise<RequestLogStore> {
  const store = memoryRequestLogStore();
  await store.insert(
    Array.from({ length: count }, (_, number) => {
      const { assigned, degraded = "elsewhere", outcome = "completed" } = special(number);
      const unit = { unit: `unit ${number}`, variant: number % 2 === 0 ? "fast" : "deep" };
      return testRecord({
        requestId: testId(noonMs, number),
        outcome,
        startedAtMs: noonMs + Math.floor(number / 10) * minuteMs,
        decision: testDecision({ experiment: testAssignment({ ...unit, ...assigned }), degraded }),
      });
    }),
  );
  return store;
}

const question = { ...phase, variants: ["fast", "deep"], clusterSizes: new Map<string, number>() };
const found = async (store: RequestLogStore, days = 1) =>
  (await phaseTraffic(store, { ...question, days })).findings.map(({ code, severity, about }) =>
    [code, severity, about].join(" ").trim(),
  );

test("of ordinary traffic there is nothing to say", async () => {
  const answered = { model: "flash", version: "flash-001" };
  expect(await found(await logged(400, () => ({ assigned: { answered } })))).toEqual([]);
  expect(await found(memoryRequestLogStore())).toEqual([]);
});

test("a version that changes midway, a unit that outweighs others, and kept answers are told", async () => {
  const drifting = await logged(400, (number) => ({
    assigned: { answered: { model: "flash", version: number < 200 ? "flash-001" : "flash-002" } },
  }));
  expect(await found(drifting)).toEqual(["version-drift invalid deep", "version-drift invalid fast"]);
  const bot = await logged(400, (number) => (number % 8 === 0 ? { assigned: { unit: "bot" } } : {}));
  expect(await found(bot)).toEqual(["dominant-unit warning fast"]);
  const kept = await logged(400, (number) => (number % 50 === 0 ? { degraded: "cached" } : {}));
  expect(await found(kept)).toEqual(["kept-answers note"]);
});

/** Whether a request came in two of the forty minutes. */
const isThen = (number: number) => number >= 200 && number < 220;
const text = async (store: RequestLogStore) =>
  (await phaseTraffic(store, { ...question, days: 1 })).findings.map((finding) => finding.text);
const then = { fromMs: noonMs + 20 * minuteMs, toMs: noonMs + 22 * minuteMs };

test("an incident that hit all variants is left out of all, and said", async () => {
  const failing = await logged(400, (number) => (isThen(number) ? { outcome: "failed" } : {}));
  const { without } = await phaseTraffic(failing, { ...question, days: 1 });
  expect(without).toMatchObject([{ ...then, requests: 20 }]);
  expect(await found(failing)).toEqual(["excluded-window note"]);
  expect(await text(failing)).toEqual([
    "From 2026-11-25 12:20 UTC to 2026-11-25 12:22 UTC 100 % (otherwise 0 %) of the requests of all variants failed or were answered by a fallback: an incident that hit all of them; 20 requests came then, and are left out of all variants",
  ]);
});

test("one whose rows are gone, or that was most of the time, stays in, which is a warning", async () => {
  const failing = await logged(400, (number) => (isThen(number) ? { outcome: "failed" } : {}));
  await failing.dropBefore("2026-12-31", "rows");
  expect((await phaseTraffic(failing, { ...question, days: 1 })).without).toEqual([]);
  expect(await found(failing)).toEqual(["excluded-window warning"]);
  expect(await text(failing)).toEqual([expect.stringContaining("the log no longer has all of them")]);

  const long = await logged(400, (number) => (number < 90 ? { outcome: "failed" } : {}));
  expect((await phaseTraffic(long, { ...question, days: 1 })).without).toEqual([]);
  expect(await text(long)).toEqual([expect.stringContaining("they are too many to be left out")]);
});

test("fallbacks of one variant alone are a storm that stays in, also beside an incident of all", async () => {
  const stormy = await logged(400, (number) => {
    if (isThen(number)) return { outcome: "failed" };
    return number >= 300 && number < 340 && number % 2 === 0 ? { degraded: "fallback" } : {};
  });
  expect((await phaseTraffic(stormy, { ...question, days: 1 })).without).toHaveLength(1);
  expect(await found(stormy)).toEqual(["excluded-window note", "fallback-storm warning fast"]);
  expect((await text(stormy))[1]).toBe(
    "From 2026-11-25 12:30 UTC to 2026-11-25 12:34 UTC 100 % (otherwise 0 %) of the requests of fast were answered by a fallback, in 10 % of all its requests: as assigned, the result compares what answered then, not fast alone",
  );
});

test("a storm in less than a hundredth of the requests is a note", async () => {
  const stormy = await logged(4_000, (number) =>
    number >= 300 && number < 330 && number % 2 === 0 ? { degraded: "fallback" } : {},
  );
  expect(await found(stormy)).toEqual(["fallback-storm note fast"]);
});

test("of a long phase periods are read that are longer", async () => {
  const store = await logged(10, () => ({}));
  const widths: number[] = [];
  const watched: RequestLogStore = {
    ...store,
    experimentPeriods: (query) => {
      widths.push(query.widthMs / minuteMs);
      return store.experimentPeriods(query);
    },
  };
  for (const days of [0, 1, 14, 100]) await found(watched, days);
  expect(widths).toEqual([1, 1, 5, 29]);
});
