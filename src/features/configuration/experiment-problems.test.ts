import { describe, expect, test } from "vitest";
import type { ExperimentDesign } from "./experiment-design.ts";
import { keptDesign } from "./experiment-design.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { problemText } from "./problem.ts";

const head = `version: 1
providers: { eu: { dialect: openai-chat, base_url: "https://eu.example/v1" } }
deployments: { d: { provider: eu, model: m } }
variants: { fast: { pool: [d] }, cheap: { pool: [d] }, argon: { pool: [d] } }
routes:
  support: { strategy: { weighted: { fast: 90%, cheap: 10% } } }
  silent: { strategy: { use: fast }, capture: off }
  other: { strategy: { use: fast } }
`;

const halves = "variants: { fast: 50%, argon: 50% }";

function load(text: string) {
  return loadConfiguration(head + text, () => undefined, { chains: [] });
}

function problems(text: string): readonly string[] {
  const loaded = load(text);
  return loaded.ok ? [] : loaded.error.map((problem) => problemText(problem, "f.yaml"));
}

function designs(text: string): ReadonlyMap<string, ExperimentDesign> {
  const loaded = load(text);
  if (!loaded.ok) expect.unreachable(problems(text).join("\n"));
  return loaded.value.configuration.experiments;
}

describe("a design", () => {
  test("with everything in it is read, the control first", () => {
    const written = {
      route: "support",
      incumbent: "fast",
      hypothesis: "Argon resolves more",
      owner: "support-team",
      unit: { tag: "tenant" },
      audience: { "tags.tier": "free" },
      coverage: "20%",
      layer: { name: "prompts", from: "0%", to: "50%" },
      variants: { argon: "25%", fast: "75%" },
      control: "fast",
      segments: ["tags.tier", "tags.plan"],
      strata: "tags.language",
      start: "2026-12-01",
      end: "2026-12-15T09:00:00+01:00",
    };
    const design = designs(`experiments: { a: ${JSON.stringify(written)} }\nholdout: 2%\n`).get("a");
    expect(design).toMatchObject({
      name: "a",
      route: "support",
      incumbent: "fast",
      unit: { tag: "tenant" },
      coverage: 0.2,
      layer: { name: "prompts", from: 0, to: 0.5 },
      variants: [
        { variant: "fast", weight: 0.75 },
        { variant: "argon", weight: 0.25 },
      ],
      segments: ["tier", "plan"],
      strata: "language",
      startsAtMs: Date.UTC(2026, 11, 1),
      endsAtMs: Date.UTC(2026, 11, 15, 8),
      written,
    });
    expect(design?.audience?.when).toEqual({ "tags.tier": "free" });
  });

  test("with only what it must have takes all conversations of the route, from when somebody starts it", () => {
    const loaded = load(`experiments: { a: { route: support, ${halves} } }\n`);
    if (!loaded.ok) expect.unreachable();
    const { experiments, holdout } = loaded.value.configuration;
    expect(holdout).toBe(0);
    const { plan, ...design } = experiments.get("a") ?? expect.unreachable();
    expect(plan).toMatchObject({
      control: "fast",
      design: { kind: "always-valid" },
      minimum: { units: 100, days: 3 },
    });
    expect(design).toEqual({
      name: "a",
      route: "support",
      unit: "conversation",
      coverage: 1,
      variants: [
        { variant: "fast", weight: 0.5 },
        { variant: "argon", weight: 0.5 },
      ],
      written: { route: "support", variants: { fast: "50%", argon: "50%" } },
    });
  });

  test("that compares off-line says of whom, how much and for what; a list shares evenly", () => {
    const shared = "route: support, variants: [fast, argon], budget: { usd_per_day: 2.5 }";
    const judge = "judge: { route: other, criteria: The better one is right }";
    const read = designs(
      `experiments:\n  a: { mode: shadow, ${shared} }\n  b: { mode: duel, sample: 50%, ${judge}, ${shared} }\n`,
    );
    expect(read.get("a")).toMatchObject({
      shadow: { sample: 0.05, budget: 2_500_000_000_000 },
      variants: [
        { variant: "fast", weight: 0.5 },
        { variant: "argon", weight: 0.5 },
      ],
    });
    const names = (name: string) =>
      read.get(name)?.plan.metrics.map((metric) => `${metric.role} ${metric.name}`);
    expect(names("a")).toEqual(
      ["error_rate", "latency", "output_tokens", "cost_per_request"].map((metric) => `secondary ${metric}`),
    );
    expect(read.get("b")?.shadow).toEqual({
      sample: 0.5,
      budget: 2_500_000_000_000,
      judge: { route: "other", criteria: "The better one is right" },
    });
    expect(names("b")?.[0]).toBe("primary win_rate");
  });

  test("of one variant under two names shares units out evenly", () => {
    const design = designs("experiments: { a: { route: support, mode: aa, variants: [fast] } }\n").get("a");
    expect(design).toMatchObject({
      isTwins: true,
      variants: [
        { variant: "fast", weight: 0.5 },
        { variant: "fast.twin", weight: 0.5 },
      ],
      plan: { control: "fast" },
    });
    const named = head
      .replace("cheap: { pool", "fast.twin: { pool")
      .replace("{ weighted: { fast: 90%, cheap: 10% } }", "{ use: fast }");
    const loaded = loadConfiguration(
      `${named}experiments: { a: { route: support, mode: aa, variants: [fast] } }\n`,
      () => undefined,
      { chains: [] },
    );
    expect(loaded.ok ? [] : loaded.error.map(({ wanted }) => wanted)).toEqual([
      'a variant whose twin, "fast.twin", is the name of no other',
    ]);
  });

  test("that was kept is read again as it was; one that this Signalbox does not understand says why", () => {
    const design = designs(`experiments: { a: { route: support, ${halves} } }\n`).get("a");
    expect(keptDesign("a", design?.written ?? {})).toEqual({ ok: true, value: design });
    expect(keptDesign("a", { ...design?.written, coverage: "0%" })).toEqual({
      ok: false,
      error: "coverage: a share above 0% and up to 100% is wanted",
    });
  });
});

test.each([
  [
    "shares that do not sum",
    "  a: { route: support, variants: { fast: 50%, argon: 40% } }\n",
    "f.yaml:10:34 experiments.a.variants: wanted shares that sum to 100%, got a sum of 90%",
  ],
  [
    "one variant alone",
    "  a: { route: support, variants: { fast: 100% } }\n",
    "f.yaml:10:34 experiments.a.variants: wanted 2 to 10 variants, got 1",
  ],
  [
    "a variant without a share",
    "  a: { route: support, variants: { fast: 100%, argon: 0% } }\n",
    'f.yaml:10:55 experiments.a.variants.argon: wanted a share above 0%, got "0%"',
  ],
  [
    "an unknown route",
    `  a: { route: suport, ${halves} }\n`,
    'f.yaml:10:15 experiments.a.route: wanted one of support, silent, other (did you mean "support"?), got "suport"',
  ],
  [
    "an unknown variant",
    "  a: { route: support, variants: { fast: 50%, argn: 50% } }\n",
    'f.yaml:10:47 experiments.a.variants.argn: wanted one of fast, cheap, argon (did you mean "argon"?), got "argn"',
  ],
  [
    "segments by something that is no tag",
    `  a: { route: support, segments: [tier], ${halves} }\n`,
    'f.yaml:10:35 experiments.a.segments.0: wanted a tag such as tags.tier, got "tier"',
  ],
  [
    "strata by something that is no tag",
    `  a: { route: support, strata: tier, ${halves} }\n`,
    'f.yaml:10:32 experiments.a.strata: wanted a tag such as tags.tier, got "tier"',
  ],
  [
    "strata of pairs",
    `  a: { mode: shadow, route: support, strata: tags.tier, budget: { usd_per_day: 5 }, variants: [fast, argon] }\n`,
    "f.yaml:10:46 experiments.a.strata: wanted no strata: both answers to one request are of one, got some in mode shadow",
  ],
  [
    "segments by one tag twice",
    `  a: { route: support, segments: [tags.tier, tags.tier], ${halves} }\n`,
    "f.yaml:10:34 experiments.a.segments: wanted each tag once",
  ],
  [
    "an incumbent that the route does not choose from",
    `  a: { route: support, incumbent: argon, ${halves} }\n`,
    'f.yaml:10:35 experiments.a.incumbent: wanted a variant that the strategy of route "support" chooses from: one of fast, cheap, got "argon"',
  ],
  [
    "a control that is not compared",
    `  a: { route: support, control: cheap, ${halves} }\n`,
    'f.yaml:10:33 experiments.a.control: wanted one of fast, argon, got "cheap"',
  ],
  [
    "a coverage of nothing",
    `  a: { route: support, coverage: 0%, ${halves} }\n`,
    'f.yaml:10:34 experiments.a.coverage: wanted a share above 0% and up to 100%, got "0%"',
  ],
  [
    "a coverage of more than all",
    `  a: { route: support, coverage: 120%, ${halves} }\n`,
    'f.yaml:10:34 experiments.a.coverage: wanted a share of at most 100%, got "120%"',
  ],
  [
    "an end before the start",
    `  a: { route: support, start: 2026-12-02, end: 2026-12-01T23:00:00Z, ${halves} }\n`,
    'f.yaml:10:48 experiments.a.end: wanted a time after `start`, got "2026-12-01T23:00:00Z"',
  ],
  [
    "a day that there is not",
    `  a: { route: support, start: 2026-02-30, ${halves} }\n`,
    'f.yaml:10:31 experiments.a.start: wanted a day such as 2026-12-01, or a time such as 2026-12-01T09:00:00Z, got "2026-02-30"',
  ],
  [
    "a unit that there is not",
    `  a: { route: support, unit: message, ${halves} }\n`,
    'f.yaml:10:30 experiments.a.unit: wanted one of user, session, conversation, or { tag: <name> }, got "message"',
  ],
  [
    "an audience by a field that there is not",
    `  a: { route: support, audience: { tag.tier: free }, ${halves} }\n`,
    "f.yaml:10:36 experiments.a.audience.tag.tier: wanted one of operation, stream,",
  ],
  [
    "a route whose units are not kept",
    `  a: { route: silent, ${halves} }\n`,
    'f.yaml:10:15 experiments.a.route: wanted a route with `capture: metadata` or `full`, since outcomes are counted by unit, got "silent" with `capture: off`',
  ],
  [
    "a name that is a word of the API",
    `  power: { route: support, ${halves} }\n`,
    "f.yaml:10:3 experiments.power: wanted a name that is none of analyse, outcomes, plan, power, got one of them",
  ],
  [
    "a part of a layer that ends before it begins",
    `  a: { route: support, layer: { name: l, from: 50%, to: 20% }, ${halves} }\n`,
    'f.yaml:10:57 experiments.a.layer.to: wanted more than `from`, got "20%"',
  ],
  [
    "parts of a layer that overlap, also over several routes",
    `  a: { route: support, layer: { name: l, from: 0%, to: 60% }, ${halves} }\n  b: { route: other, layer: { name: l, from: 50%, to: 100% }, ${halves} }\n`,
    'f.yaml:11:29 experiments.b.layer: wanted a part of layer "l" beside that of "a", 0% to 60%, got 50% to 100%',
  ],
  [
    "a layer over two kinds of units",
    `  a: { route: support, layer: { name: l, from: 0%, to: 50% }, ${halves} }\n  b: { route: support, unit: user, layer: { name: l, from: 50%, to: 100% }, ${halves} }\n`,
    'f.yaml:11:43 experiments.b.layer: wanted one kind of unit in layer "l", that of "a", so that the layer keeps them apart, got another one',
  ],
  [
    "two that take the same requests without a layer",
    `  a: { route: support, incumbent: fast, ${halves} }\n  b: { route: support, audience: { turns: 1 }, ${halves} }\n`,
    'f.yaml:11:3 experiments.b: wanted a layer together with "a", each with a part of its own, since both take the same requests of route "support", got none that keeps them apart',
  ],
  [
    "a shadow without a budget",
    "  a: { route: support, mode: shadow, variants: [fast, argon] }\n",
    "f.yaml:10:30 experiments.a.mode: wanted `budget: { usd_per_day: 5 }` beside it, since second answers cost money, got shadow without a budget",
  ],
  [
    "a sample of units that are shared out",
    `  a: { route: support, sample: 5%, ${halves} }\n`,
    "f.yaml:10:32 experiments.a.sample: wanted `mode: shadow` or `duel` beside it, got mode split",
  ],
  [
    "a judge without a duel",
    "  a: { route: support, mode: shadow, budget: { usd_per_day: 1 }, judge: { route: other, criteria: c }, variants: [fast, argon] }\n",
    "f.yaml:10:73 experiments.a.judge: wanted `mode: duel` beside it, got mode shadow",
  ],
  [
    "a duel without a judge",
    "  a: { route: support, mode: duel, budget: { usd_per_day: 1 }, variants: [fast, argon] }\n",
    "f.yaml:10:30 experiments.a.mode: wanted `judge: { route: <route>, criteria: <text> }` beside it, got duel without a judge",
  ],
  [
    "a judge that there is not",
    "  a: { route: support, mode: duel, budget: { usd_per_day: 1 }, judge: { route: othr, criteria: c }, variants: [fast, argon] }\n",
    'f.yaml:10:80 experiments.a.judge.route: wanted one of support, silent, other (did you mean "other"?), got "othr"',
  ],
  [
    "a shadow of what the route does not choose from",
    "  a: { route: support, mode: shadow, budget: { usd_per_day: 1 }, variants: [argon, fast] }\n",
    'f.yaml:10:76 experiments.a.variants: wanted a control that the strategy of route "support" chooses from: one of fast, cheap, got "argon"',
  ],
  [
    "a coverage of a shadow",
    "  a: { route: support, mode: shadow, coverage: 5%, budget: { usd_per_day: 1 }, variants: [fast, argon] }\n",
    "f.yaml:10:48 experiments.a.coverage: wanted `sample`, the share of units that is answered once more, got coverage in mode shadow",
  ],
  [
    "a phase of a shadow for each version",
    "  a: { route: support, mode: shadow, on_version_change: new_phase, budget: { usd_per_day: 1 }, variants: [fast, argon] }\n",
    "f.yaml:10:57 experiments.a.on_version_change: wanted `flag`, or mode `split` or `aa`: of answers made off-line nobody watches the version, got new_phase in mode shadow",
  ],
  [
    "an incumbent of a shadow that is not its control",
    "  a: { route: support, mode: shadow, incumbent: cheap, budget: { usd_per_day: 1 }, variants: [fast, argon] }\n",
    'f.yaml:10:49 experiments.a.incumbent: wanted the control, "fast": it is whose requests are answered once more, got "cheap"',
  ],
  [
    "feedback on answers that nobody gets",
    "  a: { route: support, mode: shadow, primary: resolved, budget: { usd_per_day: 1 }, variants: [fast, argon] }\n",
    "f.yaml:10:38 experiments.a.primary.resolved: wanted one of the metrics error_rate, block_rate, latency,",
  ],
  [
    "two variants that are to be one",
    `  a: { route: support, mode: aa, ${halves} }\n`,
    "f.yaml:10:44 experiments.a.variants: wanted the one variant that both are, such as [support-flash], got 2",
  ],
  [
    "a sample of an A/A",
    "  a: { route: support, mode: aa, sample: 5%, variants: [fast] }\n",
    "f.yaml:10:42 experiments.a.sample: wanted `mode: shadow` or `duel` beside it, got mode aa",
  ],
  [
    "one variant in a list",
    "  a: { route: support, variants: [fast] }\n",
    "f.yaml:10:34 experiments.a.variants: wanted 2 to 10 variants, got 1",
  ],
  [
    "an unknown key",
    `  a: { route: support, varients: {}, ${halves} }\n`,
    "f.yaml:10:24 experiments.a.varients: wanted one of route, incumbent,",
  ],
])("refused with line, wanted and actual: %s", (_what, entries, wanted) => {
  const [first, ...others] = problems(`experiments:\n${entries}`);
  expect(first?.slice(0, wanted.length)).toBe(wanted);
  expect(others).toEqual([]);
});

test.each([
  [
    "other incumbents",
    `  a: { route: support, incumbent: fast, ${halves} }\n  b: { route: support, incumbent: cheap, ${halves} }\n`,
  ],
  ["other routes", `  a: { route: support, ${halves} }\n  b: { route: other, ${halves} }\n`],
  [
    "parts of one layer side by side",
    `  a: { route: support, layer: { name: l, from: 0%, to: 50% }, ${halves} }\n  b: { route: support, layer: { name: l, from: 50%, to: 100% }, ${halves} }\n`,
  ],
  [
    "one after the other",
    `  a: { route: support, end: 2026-12-01, ${halves} }\n  b: { route: support, start: 2026-12-01, ${halves} }\n`,
  ],
])("two experiments keep out of each other's way by %s", (_what, entries) => {
  expect(problems(`experiments:\n${entries}`)).toEqual([]);
});

test.each([
  ["100%", 'f.yaml:9:10 holdout: wanted a share from 0% to below 100%, got "100%"'],
  ["0.02", "f.yaml:9:10 holdout: wanted a share such as 80%, got 0.02"],
])("a holdout of %s is refused", (holdout, wanted) => {
  expect(problems(`holdout: ${holdout}\n`)).toEqual([wanted]);
});

test("all that is wrong is said at once", () => {
  const text = `experiments:\n  a: { route: nowhere, control: x, end: 2026-01-01, start: 2026-01-02, ${halves} }\n`;
  expect(problems(text)).toHaveLength(3);
});
