import type { Filled } from "#core/kernel/filled.ts";
import { draw, type Drawn } from "./draw.ts";
import { eligibility, type Eligibility } from "./eligibility.ts";
import type { Stage } from "./stages.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Route } from "./route.ts";
import { neutralView, type RoutingView } from "./routing-view.ts";
import type { Probabilities, Strategy, StrategyInput } from "./strategies/strategy.ts";
import type { Standings } from "./standing.ts";
import type { Variant } from "./variant.ts";

/** A choice: enough to serve the request and to tell later why. */
export interface Decision {
  /** The chosen variant; undefined when no variant can serve the request. */
  readonly variant: Variant | undefined;
  /** Every variant that was looked at, in the strategy's order, then the fallbacks'. */
  readonly candidates: readonly Candidate[];
  /** The probability with which `variant` was chosen, in (0, 1]; 0 when there is none. */
  readonly propensity: number;
  /** The number drawn, in [0, 1). */
  readonly draw: number;
  /** The chosen variant, then the fallbacks that can serve the request too; empty when there is no variant. */
  readonly stages: readonly Stage[];
  /** Why this variant, or why none, in one sentence. */
  readonly reason: string;
  /** Set where there is no variant now, but would be, were not deployments held back by people. */
  readonly heldBack?: true;
  /** Which deployments of the stages ask another model than their own, since that has ended; absent where none does. */
  readonly replaced?: readonly string[];
}

/** A variant that the decision looked at. */
interface Candidate {
  readonly variant: string;
  /** 0 when excluded, and for one that is a fallback only. */
  readonly probability: number;
  /** Why it cannot serve the request. */
  readonly excluded?: string;
}

/** What a decision is taken from. */
export interface DecisionInput {
  readonly route: Route;
  readonly facts: RequestFacts;
  readonly nowMs: number;
  /** What was done with deployments beside the configuration; nothing when absent. */
  readonly standings?: Standings;
  /** Drawn uniformly from [0, 1): chooses the variant. */
  readonly variantDraw: number;
  /** What strategies may ask beside the facts; without it they are told nothing. */
  readonly view?: RoutingView;
}

/** Chooses a variant and lays out the attempts. */
export function decide(input: DecisionInput): Decision {
  const { route } = input;
  const { looks, asked, narrows } = considered(input);
  const probabilities = route.strategy.probabilities(asked);
  const chosen = choose(route, probabilities, asked, input.variantDraw);
  const laidOut = stages(route, looks, chosen.variant);
  const replaced = narrows ? laidOut.flatMap((look) => look.replaced ?? []) : none;
  const decision: Filled<Decision> = {
    variant: chosen.variant,
    candidates: looks.map((look) => candidate(look, probabilities)),
    propensity: chosen.propensity,
    draw: input.variantDraw,
    stages: laidOut,
    reason: chosen.variant ? chosen.reason : noneReason(looks),
  };
  if (!chosen.variant && looks.some(({ heldBack }) => heldBack)) decision.heldBack = true;
  if (replaced.length > 0) decision.replaced = replaced;
  return decision;
}

/** What the route's strategy is asked: the variants that can serve the request. */
export function strategyInput(input: DecisionInput): StrategyInput {
  return considered(input).asked;
}

const none: readonly string[] = [];

interface Considered {
  readonly looks: readonly Look[];
  readonly asked: StrategyInput;
  /** Whether any variant has deployments that cannot serve the request, or others in their place. */
  readonly narrows: boolean;
}

function considered(input: DecisionInput): Considered {
  const { route, facts, nowMs, view = neutralView } = input;
  const question = { facts, nowMs, standings: input.standings, requires: route.requires };
  const looks: Look[] = [];
  let narrows = false;
  for (const variant of route.variants.values()) {
    const { pool, excluded, heldBack, replaced } = eligibility(variant, question);
    narrows ||= pool !== variant.pool;
    looks.push({ variant, pool, excluded, heldBack, replaced });
  }
  // As a rule all can serve: the route's own variants are the eligible ones then.
  const eligible = narrows ? eligibleVariants(looks) : route.variants;
  return { looks, narrows, asked: { route: route.name, facts, eligible, nowMs, view } };
}

/** A variant with what is known of its deployments. */
interface Look {
  readonly variant: Variant;
  readonly pool: Eligibility["pool"];
  readonly excluded: string | undefined;
  readonly heldBack: true | undefined;
  readonly replaced: readonly string[] | undefined;
}

function eligibleVariants(looks: readonly Look[]): ReadonlyMap<string, Variant> {
  const able = looks.filter(({ excluded }) => excluded === undefined);
  return new Map(able.map(({ variant, pool }) => [variant.name, { ...variant, pool }]));
}

function candidate({ variant, excluded }: Look, probabilities: Probabilities): Candidate {
  const probability = probabilities.get(variant.name) ?? 0;
  return excluded === undefined
    ? { variant: variant.name, probability }
    : { variant: variant.name, probability, excluded };
}

interface Choice {
  readonly variant: Variant | undefined;
  readonly propensity: number;
  readonly reason: string;
}

function choose(route: Route, probabilities: Probabilities, asked: StrategyInput, unit: number): Choice {
  const drawn = drawOne(route.strategy, probabilities, asked, unit);
  if (drawn) {
    const among = probabilities.size > 1 ? `, ${probabilities.size} were possible` : "";
    const reason = `${route.strategy.keyword} chose ${drawn.variant}${among}`;
    return { variant: route.variants.get(drawn.variant), propensity: drawn.propensity, reason };
  }
  const fallback = route.fallbacks.find((name) => asked.eligible.has(name));
  if (fallback === undefined) return { variant: undefined, propensity: 0, reason: "" };
  const reason = `${fallback} is the first fallback that can serve the request, none of ${route.strategy.keyword} can`;
  return { variant: route.variants.get(fallback), propensity: 1, reason };
}

function stages(route: Route, looks: readonly Look[], chosen: Variant | undefined): readonly Look[] {
  if (!chosen) return [];
  const laidOut = looks.filter(({ variant }) => variant === chosen);
  for (const name of route.fallbacks) {
    const look = looks.find(({ variant }) => variant.name === name);
    if (look && look.excluded === undefined && look.variant !== chosen) laidOut.push(look);
  }
  return laidOut;
}

/** The strategy's own way of taking one, where it has one; its propensity is the probability that it has all the same. */
function drawOne(
  strategy: Strategy,
  probabilities: Probabilities,
  asked: StrategyInput,
  unit: number,
): Drawn | undefined {
  if (!strategy.draw) return draw(probabilities, unit);
  const variant = strategy.draw(asked, unit);
  const propensity = variant === undefined ? 0 : (probabilities.get(variant) ?? 0);
  return variant === undefined || propensity === 0 ? undefined : { variant, propensity };
}

function noneReason(looks: readonly Look[]): string {
  const distinct = [
    ...new Set(looks.map(({ excluded }) => excluded).filter((reason) => reason !== undefined)),
  ];
  return distinct.length > 0 ? distinct.join("; ") : "the strategy gives no variant a share above 0%";
}
