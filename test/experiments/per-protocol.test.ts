import { expect, test } from "vitest";
import { z } from "zod";
import { analyse } from "#core/experiments/analyse.ts";
import { perProtocolCaution } from "#core/experiments/comparisons/per-protocol.ts";
import { analysisLines } from "#features/experiments/report/analysis-lines.ts";
import { analysisShape } from "#features/experiments/report/analysis-schema.ts";
import { analysisView } from "#features/experiments/report/analysis-view.ts";
import { loggedPlan as plan, readPhase } from "../support/logged-phase.ts";

/** A phase in which every eighth unit of the treatment was slow, and then answered by a fallback. */
async function withFallbacks() {
  return readPhase((number, record) => {
    if (number % 16 !== 1 || !record.decision) return record;
    const timings = { ...record.timings, totalMs: 5_000 };
    return { ...record, timings, decision: { ...record.decision, degraded: "fallback" } };
  });
}

test("units that no fallback answered stand beside all units as assigned, with their number and metrics", async () => {
  const data = await withFallbacks();
  const { perProtocol } = analyse(plan, data);
  // Every sixteenth request of 1,200 in two passes over the units: none of them twice.
  expect([...(perProtocol?.units ?? [])]).toEqual([
    ["deep", 300 - 1_200 / 16],
    ["fast", 300],
  ]);
  const latencyOf = (arms = data.metrics.get("latency")) => arms?.arms.get("deep")?.sample.mean ?? 0;
  expect(latencyOf()).toBeGreaterThan(600);
  const latency = perProtocol?.metrics.find(({ plan: metric }) => metric.name === "latency");
  expect(latencyOf(latency?.arms)).toBeLessThan(120);
  expect(perProtocol?.metrics.map(({ plan: metric }) => metric.name)).toEqual(
    plan.metrics.map(({ name }) => name),
  );
});

test("they decide nothing: verdict and metrics are those without them", async () => {
  const data = await withFallbacks();
  const { perProtocol: _without, ...others } = data;
  const { perProtocol, ...analysis } = analyse(plan, data);
  expect(perProtocol).toBeDefined();
  expect(analysis).toEqual(analyse(plan, others));
});

test("the API and reports tell them with the reason why they decide nothing", async () => {
  const data = await withFallbacks();
  const analysis = analyse(plan, data);
  const view = analysisView(plan, analysis, data.counts);
  expect(z.strictObject(analysisShape).parse(view)).toEqual(view);
  expect(view.per_protocol).toMatchObject({
    caution: perProtocolCaution,
    variants: [{ units: 225 }, { units: 300 }],
  });
  const lines = analysisLines({ title: "logged", plan, analysis, counts: data.counts });
  expect(lines).toContain("Per protocol:");
  expect(lines.join("\n")).toContain(`- ${perProtocolCaution}`);
  expect(lines.find((line) => /latency +deep +225 /.test(line))).toBeDefined();
});

test("where no fallback answered there is nothing to tell", async () => {
  const data = await readPhase((_, record) => record);
  expect(data.perProtocol).toBeUndefined();
  expect(analyse(plan, data)).not.toHaveProperty("perProtocol");
});

test("a variant without such units has none, and is not compared", async () => {
  const data = await readPhase((number, record) =>
    number % 2 === 1 && record.decision
      ? { ...record, decision: { ...record.decision, degraded: "fallback" } }
      : record,
  );
  const { perProtocol } = analyse(plan, data);
  expect([...(perProtocol?.units ?? [])]).toEqual([["fast", 300]]);
  for (const { comparisons } of perProtocol?.metrics ?? [])
    for (const { deciding } of comparisons) expect(deciding.absolute.ok).toBe(false);
});
