import { expect, test } from "vitest";
import { readPhase } from "../support/logged-phase.ts";

type Data = Awaited<ReturnType<typeof readPhase>>;

const valueOf = (data: Data, name: string, variant: string) =>
  data.metrics.get(name)?.arms.get(variant)?.sample.mean;

/** What its traffic shows; here all units have two requests where none is left out, which is another finding. */
const shown = (data: Data) =>
  data.findings
    .filter(({ code }) => code !== "nothing-varies")
    .map(({ code, severity, about }) => [code, severity, about].join(" ").trim());

/** Requests of the first ten minutes: those of their units of an hour later stay. */
const isEarly = (number: number) => number < 100;

test("an incident of all variants is out of every metric", async () => {
  const usual = await readPhase((_, record) => record);
  expect(valueOf(usual, "error_rate", "deep")).toBeCloseTo(12 / 600, 12);
  const failed = { outcome: "failed" } as const;
  const data = await readPhase((number, record) =>
    isEarly(number) ? { ...record, ...failed, timings: { ...record.timings, totalMs: 30_000 } } : record,
  );
  expect(shown(data)).toEqual(["excluded-window note"]);
  expect([...data.counts.all]).toEqual([
    ["deep", 300],
    ["fast", 300],
  ]);
  expect(valueOf(data, "error_rate", "deep")).toBeCloseTo(11 / 550, 12);
  expect(valueOf(data, "error_rate", "fast")).toBe(0);
  expect(valueOf(data, "requests_per_unit", "deep")).toBeCloseTo(550 / 300, 12);
  for (const name of ["latency", "latency_p50"])
    expect(Math.abs((valueOf(data, name, "deep") ?? 0) - 108)).toBeLessThan(2);
});

test("units that came in an incident alone are in no metric, and count as they came for whether sizes are in their shares", async () => {
  const data = await readPhase((number, record) => {
    const { decision } = record;
    if (!isEarly(number) || !decision?.experiment) return record;
    const experiment = { ...decision.experiment, unit: `early ${number}` };
    return { ...record, outcome: "failed", decision: { ...decision, experiment } };
  });
  expect(shown(data)).toEqual(["excluded-window note"]);
  expect(Object.fromEntries(data.counts.all)).toEqual({ deep: 300, fast: 300 });
  expect(Object.fromEntries(data.arrived ?? [])).toEqual({ deep: 350, fast: 350 });
});

test("a storm of one variant stays in: it counts as assigned", async () => {
  const data = await readPhase((number, record) => {
    if (!isEarly(number) || number % 2 === 0 || !record.decision) return record;
    return { ...record, outcome: "failed", decision: { ...record.decision, degraded: "fallback" } };
  });
  expect(shown(data)).toEqual(["fallback-storm warning deep"]);
  expect(valueOf(data, "error_rate", "deep")).toBeCloseTo((50 + 11) / 600, 12);
  expect(valueOf(data, "requests_per_unit", "deep")).toBe(2);
});

test("kept answers are in no time, and in everything else", async () => {
  const data = await readPhase((number, record) => {
    if (number % 10 !== 3 || !record.decision) return record;
    const timings = { ...record.timings, totalMs: 1 };
    return { ...record, timings, decision: { ...record.decision, degraded: "cached" } };
  });
  expect(shown(data)).toEqual(["kept-answers note"]);
  for (const name of ["latency", "latency_p50"]) expect(valueOf(data, name, "deep")).toBeGreaterThan(100);
  expect(valueOf(data, "error_rate", "deep")).toBeCloseTo(12 / 600, 12);
  expect(valueOf(data, "requests_per_unit", "deep")).toBe(2);
});
