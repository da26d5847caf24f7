import { describe, expect, test } from "vitest";
import { timelineVectors } from "../../../../test/support/timeline-vectors.ts";
import { allMetrics } from "./all-metrics.ts";

describe("the value of every metric under its tool's definition", () => {
  test.each(timelineVectors())("$id: $comment", ({ timeline, expected }) => {
    const found = allMetrics.flatMap((metric) => {
      const values = metric.values(timeline);
      return values.length === 0
        ? []
        : [[metric.id, values.map((value) => Number(value.toFixed(6)))] as const];
    });
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test("law: ids are unique, and end with their unit", () => {
    const ids = allMetrics.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(allMetrics.filter(({ id, unit }) => !id.endsWith(unit))).toEqual([]);
  });

  test("each metric of ours and of each tool is worked out somewhere", () => {
    const told = new Set(timelineVectors().flatMap(({ expected }) => Object.keys(expected)));
    expect(allMetrics.filter(({ id }) => !told.has(id)).map(({ id }) => id)).toEqual([]);
  });
});
