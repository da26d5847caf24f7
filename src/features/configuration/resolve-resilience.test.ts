import { describe, expect, test } from "vitest";
import { loadConfiguration, problemText } from "./index.ts";

function load(route: string) {
  const text = [
    "version: 1",
    "providers: { google: { dialect: gemini, emulate: always } }",
    "deployments: { d: { provider: google, model: gemini-3.8-flash }, lite: { provider: google, model: gemini-3.5-flash-lite } }",
    "variants: { a: { pool: [d] }, b: { pool: [d] }, c: { pool: [lite] } }",
    `routes: { r: { strategy: { use: a }, ${route} } }`,
  ].join("\n");
  return loadConfiguration(text, () => undefined, { chains: [] });
}

function resolved(route: string) {
  const loaded = load(route);
  if (!loaded.ok) expect.unreachable(loaded.error.map((one) => problemText(one, "f.yaml")).join("\n"));
  return loaded.value.configuration.routes.get("r");
}

describe("a route that writes nothing", () => {
  test("tries three times, makes no hedges, is of the middle class, and waits for nothing for ever", () => {
    expect(resolved("capture: off")).toMatchObject({
      deadlines: { firstTokenMs: 120_000, idleMs: 60_000, totalMs: 600_000 },
      fallbacks: [],
    });
    expect(resolved("capture: off")?.resilience).toEqual({ attemptsMax: 3, priority: 1 });
  });

  test("has deadlines within the total that it does write", () => {
    expect(resolved("deadlines: { total: 90s }")?.deadlines).toEqual({
      firstTokenMs: 90_000,
      idleMs: 60_000,
      totalMs: 90_000,
    });
  });
});

describe("a route says", () => {
  test("how often, who goes first and what each fallback is for", () => {
    const route = resolved(
      "retries: { attempts: 5 }, priority: high, fallbacks: [{ use: b, on: [error, blocked] }]",
    );
    expect(route?.fallbacks).toEqual(["b"]);
    expect(route?.resilience).toEqual({
      attemptsMax: 5,
      priority: 0,
      fallbackCauses: new Map([["b", ["error", "blocked"]]]),
    });
  });

  test("how short a fallback answers, with or without what it is for, and which answers are kept", () => {
    const route = resolved(
      "fallbacks: [{ use: b, max_output_tokens: 500 }], kept_answers: { max_age: 1h, shared: true }",
    );
    expect(route?.fallbacks).toEqual(["b"]);
    expect(route?.resilience).toEqual({
      attemptsMax: 3,
      priority: 1,
      fallbackOutputTokens: new Map([["b", 500]]),
      keptAnswers: { ageMsMax: 3_600_000, shared: true },
    });
    expect(resolved("kept_answers: { max_age: 5m }")?.resilience?.keptAnswers?.shared).toBe(false);
  });

  test("whether broken streams are gone on with, where somebody can", () => {
    expect(resolved("fallbacks: [c], resume: true")?.resilience).toEqual({
      attemptsMax: 3,
      priority: 1,
      resumes: true,
    });
  });

  test.each([
    ["true", { share: 0.05, spendMax: 1_000_000_000_000, tools: false }],
    [
      '{ extra: 2.5%, spend: "$0.20", tools: true }',
      { share: 0.025, spendMax: 200_000_000_000, tools: true },
    ],
    ["{}", { share: 0.05, spendMax: 1_000_000_000_000, tools: false }],
  ])("hedge: %s", (written, hedge) => {
    expect(resolved(`hedge: ${written}`)?.resilience?.hedge).toEqual(hedge);
  });
});

test.each([
  ["retries: { attempts: 9 }", "f.yaml:5:59 routes.r.retries.attempts: wanted at most 8, got 9"],
  ["retries: { attempts: 0 }", "f.yaml:5:59 routes.r.retries.attempts: wanted at least 1, got 0"],
  ["priority: urgent", 'f.yaml:5:48 routes.r.priority: wanted one of high, normal, low, got "urgent"'],
  [
    "fallbacks: [{ use: x, on: [error] }]",
    'f.yaml:5:57 routes.r.fallbacks.0.use: wanted one of a, b, c, got "x"',
  ],
  [
    "fallbacks: [b, { use: b, on: [error] }]",
    "f.yaml:5:49 routes.r.fallbacks: wanted each fallback once, got a list",
  ],
  [
    "hedge: { extra: 200% }",
    'f.yaml:5:54 routes.r.hedge.extra: wanted a percentage above 0 and up to 100% such as 5%, got "200%"',
  ],
  [
    "fallbacks: [{ use: b, max_output_tokens: 0 }]",
    "f.yaml:5:79 routes.r.fallbacks.0.max_output_tokens: wanted at least 1, got 0",
  ],
  [
    "kept_answers: { max_age: soon }",
    'f.yaml:5:63 routes.r.kept_answers.max_age: wanted a duration such as 8s, got "soon"',
  ],
  [
    "kept_answers: {}",
    "f.yaml:5:38 routes.r.kept_answers.max_age: wanted a duration such as 8s, got nothing",
  ],
  [
    "resume: true",
    "f.yaml:5:46 routes.r.resume: wanted a deployment of the route whose model goes on with an answer that has begun (capabilities.prefill), got none of d that is known to",
  ],
  ["kept_answers: true", "f.yaml:5:52 routes.r.kept_answers: wanted a map, got true"],
  [
    "hedge: { spend: 1 }",
    "f.yaml:5:54 routes.r.hedge.spend: wanted an amount above $0 and up to $1000 such as $1, got 1",
  ],
  [
    'cost_max: "$0"',
    'f.yaml:5:48 routes.r.cost_max: wanted an amount above $0 and up to $1000 such as $0.50, got "$0"',
  ],
  [
    "deadlines: { first_token: 20m }",
    'f.yaml:5:64 routes.r.deadlines.first_token: wanted at most the total of the route, 10m by default, got "20m"',
  ],
])("%s is told apart", (route, problem) => {
  const loaded = load(route);
  expect(loaded.ok ? [] : loaded.error.map((one) => problemText(one, "f.yaml"))).toEqual([problem]);
});
