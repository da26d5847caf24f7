import { describe, expect, test } from "vitest";
import { judged, type Figure } from "./figure.ts";
import { driftPercent } from "./memory-part.ts";
import { gaugeValue } from "./loop-delay.ts";
import { textReport } from "./report.ts";
import { mainRatioMax } from "./wanted.ts";

const ratio: Figure = {
  part: "throughput",
  name: "CPU",
  target: "postgres",
  value: 2,
  unit: "x",
  wantedMax: 2,
};

describe("a verdict", () => {
  test.each([
    [ratio, "holds"],
    [{ ...ratio, value: 2.01 }, "fails"],
    [{ ...ratio, value: Number.NaN }, "fails"],
    [{ ...ratio, unit: "%", value: -6, wantedMax: 5 }, "fails"],
    [{ ...ratio, unit: "%", value: -4, wantedMax: 5 }, "holds"],
    [{ part: "stream", name: "first token", target: "bare", value: 9, unit: "ms" }, "told"],
  ] satisfies [Figure, string][])("of %j is: %s", (figure, verdict) => {
    expect(judged(figure).verdict).toBe(verdict);
  });

  test("in the short form only a gross loss of speed fails", () => {
    expect([mainRatioMax("pass-gemini", false), mainRatioMax("translate", false)]).toEqual([2, 3]);
    expect([mainRatioMax("pass-gemini", true), mainRatioMax("translate", true)]).toEqual([6, 9]);
  });
});

test("drift compares the medians of both ends, so that one wave of the collector is none", () => {
  expect(driftPercent([100, 140, 100, 90, 500, 104, 105, 106], 3)).toBe(5);
});

test("a gauge is read from the text format", () => {
  expect(gaugeValue("# HELP a b\na_total 3\na 0.0125\n", "a")).toBe(0.0125);
  expect(() => gaugeValue("b 1\n", "a")).toThrow('a gauge "a" is wanted');
});

test("a report names the machine, every figure by part, and counts the verdicts", () => {
  const machine = {
    cpu: "CPU",
    cores: 2,
    memoryGiB: 24,
    system: "Linux 6.18",
    node: "26.10.0",
    loadAverage: 0.5,
  };
  const figures = [
    ratio,
    { ...ratio, part: "memory", value: 1_234.5, wantedMax: 130, unit: "MiB" as const },
  ].map(judged);
  expect(textReport({ machine, rounds: 9, short: false, figures })).toBe(
    [
      "CPU, 2 cores, 24 GiB, Linux 6.18, Node 26.10.0, load 0.50; 9 rounds",
      "",
      "throughput",
      "  figure  of        measured  wanted  verdict",
      "  CPU     postgres  2 x       <= 2 x  holds",
      "",
      "memory",
      "  figure  of        measured  wanted      verdict",
      "  CPU     postgres  1235 MiB  <= 130 MiB  fails",
      "",
      "1 of 2 figures are as wanted",
      "",
    ].join("\n"),
  );
});
