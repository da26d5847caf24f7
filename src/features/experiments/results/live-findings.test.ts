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
import { liveFindings } from "./live-findings.ts";

const minuteMs = 60_000;
const phase = { experiment: "flash-or-pro", phase: 2 };

/** A log with so many requests in each of so many minutes, what is special about each told by its number. */
async function logged(
  count: number,
  special: (number: number) => {
    readonly assigned?: Parameters<typeof testAssignment>[0];
    readonly degraded?: "cached" | "fallback" | "elsewhere";
  },
): Promise<RequestLogStore> {
  const store = memoryRequestLogStore();
  await store.insert(
    Array.from({ length: count }, (_, number) => {
      const { assigned, degraded = "elsewhere" } = special(number);
      const unit = { unit: `unit ${number}`, variant: number % 2 === 0 ? "fast" : "deep" };
      return testRecord({
        requestId: testId(noonMs, number),
        startedAtMs: noonMs + Math.floor(number / 10) * minuteMs,
        decision: testDecision({ experiment: testAssignment({ ...unit, ...assigned }), degraded }),
      });
    }),
  );
  return store;
}

const found = async (store: RequestLogStore, days = 1) =>
  (await liveFindings(store, { ...phase, days })).map(({ code, severity, about }) =>
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
