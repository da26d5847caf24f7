import { expect, test } from "vitest";
import { lineChart } from "./line-chart.ts";

const chart = { title: "a < b", xLabel: "x", yLabel: "y" };

test("each series of two points or more is a line, from 0 on both axes", () => {
  const svg = lineChart({
    ...chart,
    series: [
      {
        name: "one",
        points: [
          [0, 0],
          [10, 5],
        ],
      },
      {
        name: "two",
        points: [
          [5, 10],
          [10, 10],
        ],
      },
      { name: "three", points: [[5, 10]] },
    ],
  });
  expect([...svg.matchAll(/points="([^"]*)"/g)].map(([, points]) => points)).toEqual([
    "70,204 630,107",
    "350,10 630,10",
  ]);
  expect(svg).toContain("a &lt; b");
  expect(svg).not.toContain("three");
});

test("what is 0 all along lies on the axis", () => {
  const svg = lineChart({
    ...chart,
    series: [
      {
        name: "one",
        points: [
          [0, 0],
          [10, 0],
        ],
      },
    ],
  });
  expect(svg).toContain('points="70,204 630,204"');
  expect(svg).toContain(">1</text>");
});

test("nothing is drawn where there is no line", () => {
  expect(lineChart({ ...chart, series: [{ name: "one", points: [[1, 1]] }] })).toBe("");
});
