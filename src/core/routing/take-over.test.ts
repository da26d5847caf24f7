import { describe, expect, test } from "vitest";
import { fractionOf } from "./rendezvous.ts";
import { decide, type Decision } from "./decide.ts";
import {
  exampleDeployment,
  exampleExperiment,
  exampleFacts,
  exampleModel,
  exampleRoute,
  exampleVariant,
  exampleView,
} from "./example.fixture.ts";
import type { RunningExperiment } from "./experiment.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Route } from "./route.ts";
import type { Standings } from "./standing.ts";
import { weighted } from "./strategies/weighted.ts";

const toolless = exampleDeployment("treatment", { model: exampleModel({ tools: false }) });
const beside = new Map(
  [exampleVariant("treatment", { pool: [toolless] }), exampleVariant("third")].map((one) => [one.name, one]),
);
/** Two variants, of which the experiment takes over from the first; its treatment is none of the route's. */
const route = exampleRoute([exampleVariant("control"), exampleVariant("other"), exampleVariant("spare")], {
  strategy: weighted({ control: 0.8, other: 0.2 }),
  fallbacks: ["spare"],
});
const fromControl = exampleExperiment({ incumbent: "control" });

interface Asked {
  readonly running?: readonly RunningExperiment[];
  readonly unit?: string;
  readonly facts?: Partial<RequestFacts>;
  readonly draw?: number;
  readonly standings?: Standings;
  readonly route?: Route;
}

function decided({ running = [fromControl], unit = "", facts = {}, draw = 0.1, ...rest }: Asked): Decision {
  return decide({
    route,
    facts: exampleFacts(facts),
    nowMs: 0,
    variantDraw: draw,
    view: exampleView({ unit: () => ({ name: unit, kind: "unit", stable: true }) }),
    experiments: { running, variantNamed: (name) => beside.get(name), refusal: () => undefined },
    ...rest,
  });
}

const units = Array.from({ length: 200 }, (_, index) => `unit-${index}`);
const assignedTo = (variant: string, running = [fromControl]) =>
  units.find((unit) => {
    const { experiment } = decided({ unit, running });
    return experiment && "variant" in experiment && experiment.variant === variant;
  }) ?? "";
const treated = assignedTo("treatment");
const names = ({ stages }: Decision) => stages.map(({ variant }) => variant.name);

describe("an experiment takes over from its incumbent", () => {
  test("and the ladder is the assigned variant, the incumbent, the fallbacks", () => {
    const decision = decided({ unit: treated });
    expect(decision).toMatchObject({
      variant: { name: "treatment" },
      propensity: 0.4,
      experiment: {
        name: "experiment",
        phase: 1,
        variant: "treatment",
        propensity: 0.5,
        unit: { name: treated },
      },
      reason:
        "weighted chose control, 2 were possible; experiment experiment (phase 1) assigned its unit treatment",
    });
    expect(names(decision)).toEqual(["treatment", "control", "spare"]);
    expect(names(decided({ unit: assignedTo("control") }))).toEqual(["control", "spare"]);
    expect(decision.candidates.map(({ variant, probability }) => [variant, probability])).toEqual([
      ["control", 0.4],
      ["other", 0.2],
      ["spare", 0],
      ["treatment", 0.4],
    ]);
  });

  test("and leaves requests alone for which the strategy chose another variant", () => {
    const decision = decided({ unit: treated, draw: 0.9 });
    expect(decision).toMatchObject({ variant: { name: "other" }, propensity: 0.2 });
    expect(decision.experiment).toBeUndefined();
  });

  test("or from the whole route, whose choice stands behind it", () => {
    const decision = decided({ unit: treated, draw: 0.9, running: [exampleExperiment()] });
    expect(decision).toMatchObject({ variant: { name: "treatment" }, propensity: 0.5 });
    expect(names(decision)).toEqual(["treatment", "other", "spare"]);
  });

  test.each(["embeddings", "count-tokens"] as const)("but never for %s", (operation) => {
    const facts = { operation };
    const models = { operations: ["chat", "embeddings"] } as const;
    const all = [...route.variants.keys()].map((name) =>
      exampleVariant(name, { pool: [exampleDeployment(name, { model: exampleModel(models) })] }),
    );
    const decision = decided({
      unit: treated,
      facts,
      route: { ...exampleRoute(all), strategy: route.strategy },
    });
    expect(decision.variant?.name).toBe("control");
    expect(decision.experiment).toBeUndefined();
  });

  test("and nothing that is a fallback only, since the strategy chose nobody", () => {
    const standings: Standings = new Map(
      ["control", "other"].map((name) => [name, { heldBack: `${name} is drained` }]),
    );
    const decision = decided({ unit: treated, standings, running: [exampleExperiment()] });
    expect(decision.variant?.name).toBe("spare");
    expect(decision.experiment).toBeUndefined();
  });
});

describe("which requests take part", () => {
  test("those of the audience; the next experiment is asked for the others", () => {
    const audience = {
      ...fromControl,
      name: "for-tools",
      audience: ({ facts }: { facts: RequestFacts }) => facts.hasTools,
    };
    const everybody = { ...fromControl, name: "for-all" };
    const running = [audience, everybody];
    expect(decided({ running, unit: treated }).experiment?.name).toBe("for-all");
    expect(decided({ running: [audience], unit: treated }).experiment).toBeUndefined();
    const withTools = decided({ running, unit: treated, facts: { hasTools: true } });
    expect(withTools.experiment?.name).toBe("for-tools");
  });

  test("none that a variant of the experiment cannot serve, whatever its unit", () => {
    for (const unit of units) {
      const decision = decided({ unit, facts: { hasTools: true } });
      expect(decision.variant?.name).toBe("control");
      expect(decision.propensity).toBe(0.8);
      expect(decision.experiment).toEqual({
        name: "experiment",
        phase: 1,
        outside: "not every variant can serve it: model does not call tools",
      });
    }
  });

  test("none that a variant's prompt cannot be made for, and none of a variant that there is not", () => {
    const refused = decide({
      route,
      facts: exampleFacts(),
      nowMs: 0,
      variantDraw: 0.1,
      experiments: {
        running: [fromControl],
        variantNamed: (name) => beside.get(name),
        refusal: ({ name }) => (name === "treatment" ? "it wants a product" : undefined),
      },
    });
    expect(refused.experiment).toMatchObject({
      outside: "not every variant can serve it: it wants a product",
    });
    const variants = [...fromControl.variants, { variant: "gone", weight: 1 }];
    expect(decided({ running: [{ ...fromControl, variants }] })).toMatchObject({
      variant: { name: "control" },
      experiment: { outside: "not every variant can serve it: there is no variant gone" },
    });
  });

  test("two experiments of a layer each have their own units, and a unit is in one at most", () => {
    const running = ["first", "second"].map((name, index) => ({
      ...fromControl,
      name,
      layer: { name: "layer", from: index * 0.4, to: index * 0.4 + 0.4 },
    }));
    for (const unit of units) {
      const { experiment } = decided({ running, unit });
      const place = fractionOf("layer", "layer", unit);
      const wanted = place < 0.4 ? "first" : "second";
      if (place < 0.8) expect(experiment).toMatchObject({ name: wanted, unit: { name: unit } });
      else expect(experiment).toMatchObject({ outside: "its unit is another experiment's of the layer" });
    }
  });

  test("a unit outside is served as if there were no experiment", () => {
    const running = [{ ...fromControl, holdout: 0.2, coverage: 0.5 }];
    const reasons = new Set<string>();
    for (const unit of units) {
      const decision = decided({ running, unit });
      if (!decision.experiment || !("outside" in decision.experiment)) continue;
      reasons.add(decision.experiment.outside);
      expect(decision).toMatchObject({ variant: { name: "control" }, propensity: 0.8 });
      expect(names(decision)).toEqual(["control", "spare"]);
    }
    expect(reasons).toEqual(
      new Set(["its unit is kept out of all experiments", "its unit is not among those that take part"]),
    );
  });
});

test("the tags that an experiment notes are noted of the request, cut where they are long; others never", () => {
  const noting = exampleExperiment({ incumbent: "control", segments: ["tier", "plan", "constructor"] });
  const tags = { tier: "x".repeat(101), other: "secret" };
  expect(decided({ running: [noting], unit: treated, facts: { tags } }).experiment).toMatchObject({
    segments: { tier: "x".repeat(100) },
  });
  expect(decided({ running: [noting], unit: treated }).experiment).toHaveProperty("segments", {});
  expect(decided({ unit: treated, facts: { tags } }).experiment).not.toHaveProperty("segments");
});

describe("who is well does not shape an assignment", () => {
  const drained: Standings = new Map([["treatment", { heldBack: "treatment is drained" }]]);

  test("a variant that people hold back stays assigned, and the ladder begins at the incumbent", () => {
    for (const unit of units) {
      const [usual, held] = [decided({ unit }), decided({ unit, standings: drained })];
      expect(held.experiment).toEqual(usual.experiment);
      expect(held.variant).toEqual(usual.variant);
      expect(held.propensity).toBe(usual.propensity);
    }
    expect(names(decided({ unit: treated, standings: drained }))).toEqual(["control", "spare"]);
  });

  test("where its request cannot be served by tools either, it is outside as ever", () => {
    expect(
      decided({ unit: treated, standings: drained, facts: { hasTools: true } }).experiment,
    ).toMatchObject({
      outside: "not every variant can serve it: model does not call tools",
    });
  });
});

describe("the propensity", () => {
  test("is how often a variant is decided on, for units that take part alike", () => {
    const comparing = (name: string, incumbent: string, variants: Readonly<Record<string, number>>) =>
      exampleExperiment({
        name,
        incumbent,
        coverage: 0.6,
        variants: Object.entries(variants).map(([variant, weight]) => ({ variant, weight })),
      });
    // The strategy chooses "other" as well, which the first experiment compares too: both ways lead to it.
    const running = [
      comparing("first", "control", { control: 0.5, treatment: 0.3, other: 0.2 }),
      comparing("second", "other", { other: 3, third: 1 }),
    ];
    const served = new Map<string, Map<string, { count: number; propensity: number }>>();
    const perUnit = 20;
    for (const [index, unit] of Array.from({ length: 2_500 }, (_, one) => `member-${one}`).entries()) {
      const [one, other] = [0.1, 0.9].map((draw) => decided({ running, unit, draw }).experiment);
      const takesPart = JSON.stringify([one, other].map((choice) => choice && "variant" in choice));
      const group = served.get(takesPart) ?? new Map<string, { count: number; propensity: number }>();
      served.set(takesPart, group);
      for (let turn = 0; turn < perUnit; turn++) {
        const draw = (turn + ((index * 0.618) % 1)) / perUnit;
        const { variant, propensity } = decided({ running, unit, draw });
        const name = variant?.name ?? "";
        const known = group.get(name) ?? { count: 0, propensity };
        expect(propensity).toBeCloseTo(known.propensity, 12);
        group.set(name, { ...known, count: known.count + 1 });
      }
    }
    expect(served.size).toBe(4);
    for (const group of served.values()) {
      const total = [...group.values()].reduce((sum, { count }) => sum + count, 0);
      expect([...group.values()].reduce((sum, { propensity }) => sum + propensity, 0)).toBeCloseTo(1, 12);
      for (const { count, propensity } of group.values()) {
        // Units of a group, not their requests, are what chance shares out: four deviations of the fewest there are.
        const bound = 4 * Math.sqrt((propensity * (1 - propensity)) / (total / perUnit));
        expect(Math.abs(count / total - propensity)).toBeLessThan(bound);
      }
    }
  });
});
