import { describe, expect, test } from "vitest";
import type { ExperimentDesign } from "./experiment-design.ts";
import { keptDesign } from "./experiment-design.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { problemText } from "./problem.ts";

const head = `version: 1
providers: { eu: { dialect: openai-chat, base_url: "https://eu.example/v1" } }
deployments: { d: { provider: eu, model: m } }
variants: { fast: { pool: [d] }, argon: { pool: [d] } }
routes: { support: { strategy: { use: fast } } }
`;

function problems(text: string): readonly string[] {
  const loaded = loadConfiguration(head + text, () => undefined, { chains: [] });
  return loaded.ok ? [] : loaded.error.map((problem) => problemText(problem, "f.yaml"));
}

function designOf(metrics: string, experiment: string): ExperimentDesign {
  const text = `metrics:\n${metrics}experiments:\n  a: { route: support, variants: { fast: 50%, argon: 50% }, ${experiment} }\n`;
  const loaded = loadConfiguration(head + text, () => undefined, { chains: [] });
  if (!loaded.ok) return expect.unreachable(problems(text).join("\n"));
  return loaded.value.configuration.experiments.get("a") ?? expect.unreachable();
}

const shared = `  by_human: { event: resolved, source: human, better: higher }
  converted_7d: { event: purchase, aggregation: conversion, within: 7d }
  spent: { event: purchase, aggregation: sum, cap: 500 }
  good: { event: triage, label: [good, fine], aggregation: share }
  slow: { of: latency, quantile: 99% }
  spent_per_visit: { event: purchase, per: visit, aggregation: ratio }
  stars_p10: { event: stars, aggregation: quantile, quantile: 10% }
`;

describe("metrics for all experiments", () => {
  test("are named like any other, with what they are made of", () => {
    const { plan } = designOf(
      shared,
      "primary: { by_human: { minimum_effect: +2pp } }, secondary: [converted_7d, spent, good, slow, spent_per_visit, stars_p10], guardrails: { thumbs_ratio: -2pp }",
    );
    const named = plan.metrics.filter(({ event, column }) => event ?? column === "thumbs_ratio");
    expect(
      named.map(({ name, column, better, aggregation, event }) => [name, column, better, aggregation, event]),
    ).toEqual([
      [
        "by_human",
        "resolved",
        "higher",
        { kind: "ratio" },
        { event: "resolved", aggregation: "mean", sources: ["human"] },
      ],
      [
        "converted_7d",
        "purchase",
        "higher",
        { kind: "mean" },
        { event: "purchase", aggregation: "conversion", withinMs: 7 * 86_400_000 },
      ],
      ["spent", "purchase", "higher", { kind: "mean" }, { event: "purchase", aggregation: "sum", cap: 500 }],
      [
        "good",
        "triage",
        "higher",
        { kind: "ratio" },
        { event: "triage", aggregation: "share", labels: ["good", "fine"] },
      ],
      [
        "spent_per_visit",
        "purchase",
        "higher",
        { kind: "ratio" },
        { event: "purchase", aggregation: "ratio", per: "visit" },
      ],
      [
        "stars_p10",
        "stars",
        "higher",
        { kind: "quantile", probability: 0.1 },
        { event: "stars", aggregation: "quantile" },
      ],
      ["thumbs_ratio", "thumbs_ratio", "higher", { kind: "ratio" }, undefined],
    ]);
    expect(plan.metrics.find(({ name }) => name === "slow")).toMatchObject({
      column: "latency",
      aggregation: { kind: "quantile", probability: 0.99 },
    });
  });

  test("are held with the design that names them, and only those", () => {
    const design = designOf(
      shared,
      "primary: by_human, utility: { in: cost_per_request, worth: { good: $0.002 per +1pp } }",
    );
    expect(design.written["metrics"]).toEqual({
      by_human: { event: "resolved", source: "human", better: "higher" },
      good: { event: "triage", label: ["good", "fine"], aggregation: "share" },
    });
    // Read again without the configuration, it is the same.
    expect(keptDesign("a", design.written)).toEqual({ ok: true, value: design });
    const changed = designOf("  by_human: { event: resolved, better: higher }\n", "primary: by_human");
    expect(changed.written["metrics"]).toEqual({ by_human: { event: "resolved", better: "higher" } });
  });

  test("stand back for what an experiment defines itself", () => {
    const design = designOf(
      shared,
      "primary: spent, metrics: { spent: { event: refund, aggregation: sum, better: lower } }",
    );
    expect(design.plan.metrics[0]).toMatchObject({ column: "refund", better: "lower" });
    expect(design.written["metrics"]).toEqual({
      spent: { event: "refund", aggregation: "sum", better: "lower" },
    });
  });

  test("make near names slips, and leave alone the feedback that they are made of", () => {
    const slip = `metrics: { purchases: { event: purchase, aggregation: sum } }\nexperiments: { a: { route: support, variants: { fast: 50%, argon: 50% }, primary: purchase, secondary: [purchasess, purchase_per_unit] } }\n`;
    expect(problems(slip)).toEqual([
      expect.stringMatching(
        /^f\.yaml:7:\d+ experiments\.a\.secondary\.0: wanted one of error_rate, .* \(did you mean "purchases"\?\), or the name of feedback, got "purchasess"$/,
      ),
    ]);
  });
});

test.each([
  ["{ event: purchase, agregation: sum }", "m.agregation: wanted one of of, event, aggregation,"],
  [
    "{ event: purchase, aggregation: total }",
    "m.aggregation: wanted one of mean, sum, count, share, ratio, quantile, conversion, rate",
  ],
  ["{ event: 7up }", "m.event: wanted the name of feedback: a letter"],
  ["{ aggregation: sum }", "m.aggregation: wanted an `event` beside it"],
  ["{ event: purchase, of: latency }", "m.of: wanted an `event` or a column (`of`), not both"],
  ["{ event: purchase, aggregation: ratio }", "m.aggregation: wanted a second event (`per`) beside a ratio"],
  ["{ event: purchase, per: visit }", "m.per: wanted `aggregation: ratio` beside it"],
  ["{ event: stars, aggregation: quantile }", "m.aggregation: wanted which quantile"],
  ["{ event: stars, quantile: 90% }", "m.quantile: wanted `aggregation: quantile` beside it"],
  ["{ event: purchase, winsorise: 99% }", "m.winsorise: wanted `cap`, a stated value"],
  ["{ event: purchase, aggregation: conversion, cap: 3 }", "m.cap: wanted a mean, a sum, a count or a ratio"],
  ["{ event: purchase, aggregation: rate, within: 7d }", "m.within: wanted another aggregation"],
  ["{ event: purchase, source: robot }", "m.source: wanted one of end_user, human, code, judge"],
  ["{ event: purchase, within: 7 days }", "m.within: wanted a period such as 90d"],
])("refused with line, wanted and actual: %s", (metric, wanted) => {
  const [first = "", ...others] = problems(`metrics:\n  m: ${metric}\n`);
  expect(first).toMatch(/^f\.yaml:7:\d+ metrics\./);
  expect(first).toContain(wanted);
  expect(others).toEqual([]);
});

test("a built-in metric is what it is, whatever one defines", () => {
  expect(problems("metrics: { latency: { event: waiting } }\n")).toEqual([
    'f.yaml:6:12 metrics.latency: wanted a name that is no built-in metric, got "latency"',
  ]);
  const own =
    "experiments: { a: { route: support, variants: { fast: 50%, argon: 50% }, secondary: [latency], metrics: { latency: { event: waiting } } } }\n";
  expect(problems(own)).toEqual([
    expect.stringContaining(
      'experiments.a.metrics.latency: wanted a name that is no built-in metric, got "latency"',
    ),
  ]);
  const cut =
    "experiments: { a: { route: support, variants: { fast: 50%, argon: 50% }, secondary: [latency], metrics: { latency: { winsorise: 99% } } } }\n";
  expect(problems(cut)).toEqual([
    expect.stringContaining(
      "experiments.a.metrics.latency.winsorise: wanted no share of values, which is of files",
    ),
  ]);
});
