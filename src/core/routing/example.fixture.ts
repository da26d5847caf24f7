import type { Deployment } from "./deployment.ts";
import type { RunningExperiment } from "./experiment.ts";
import type { ModelFacts } from "./model-facts.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Route } from "./route.ts";
import { neutralView, type RoutingView } from "./routing-view.ts";
import type { StrategyInput } from "./strategies/strategy.ts";
import { Turns } from "./turns.ts";
import { weighted } from "./strategies/weighted.ts";
import type { Variant } from "./variant.ts";

/** Facts of a short question. */
export function exampleFacts(facts: Partial<RequestFacts> = {}): RequestFacts {
  return {
    operation: "chat",
    stream: false,
    inputTokens: 100,
    mediaKinds: new Set(),
    hasTools: false,
    hasSchema: false,
    turns: 1,
    tags: {},
    ...facts,
  };
}

/** A model that can do everything, within 1,000 tokens in and 100 out. */
export function exampleModel(model: Partial<ModelFacts> = {}): ModelFacts {
  return {
    id: "model",
    operations: ["chat"],
    contextTokens: 1_000,
    outputSharesContext: false,
    outputTokensMax: 100,
    media: ["image"],
    tools: true,
    structuredOutput: true,
    upstream: {
      id: "model",
      thinking: { mode: "none" },
      ignoresSampling: false,
      needsThoughtSignatures: false,
      acceptsPrefill: true,
    },
    ...model,
  };
}

/** A deployment of the example model. */
export function exampleDeployment(name: string, deployment: Partial<Deployment> = {}): Deployment {
  return { name, provider: "provider", model: exampleModel(), weight: 1, ...deployment };
}

/** A variant with one deployment of its own name. */
export function exampleVariant(name: string, variant: Partial<Variant> = {}): Variant {
  return {
    name,
    hash: "hash",
    modelId: "model",
    pool: [exampleDeployment(name)],
    parameters: {},
    ...variant,
  };
}

/** A route over variants with equal shares. */
export function exampleRoute(variants: readonly Variant[], route: Partial<Route> = {}): Route {
  return {
    name: "route",
    kind: "route",
    capture: "metadata",
    strategy: weighted(Object.fromEntries(variants.map(({ name }) => [name, 1 / variants.length]))),
    variants: new Map(variants.map((variant) => [variant.name, variant])),
    fallbacks: [],
    deadlines: {},
    ...route,
  };
}

/** An experiment that shares all units of all requests out to two variants, half and half. */
export function exampleExperiment(experiment: Partial<RunningExperiment> = {}): RunningExperiment {
  return {
    name: "experiment",
    phase: 1,
    salt: "salt",
    unit: "user",
    coverage: 1,
    holdout: 0,
    variants: [
      { variant: "control", weight: 1 },
      { variant: "treatment", weight: 1 },
    ],
    ...experiment,
  };
}

/** A request of which nothing but the facts is known, with turns of its own. */
export function exampleView(view: Partial<RoutingView> = {}): RoutingView {
  const turns = new Turns();
  return { ...neutralView, turn: (strategy) => turns.next(strategy), ...view };
}

/** What a strategy is asked: example variants of these names can serve. */
export function exampleInput(
  eligible: readonly string[],
  facts: Partial<RequestFacts> = {},
  input: Partial<StrategyInput> = {},
): StrategyInput {
  return {
    route: "route",
    facts: exampleFacts(facts),
    eligible: new Map(eligible.map((name) => [name, exampleVariant(name)])),
    nowMs: 0,
    view: exampleView(),
    ...input,
  };
}
