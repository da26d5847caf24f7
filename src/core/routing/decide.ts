import type { Filled } from "#core/kernel/filled.ts";
import { draw, type Drawn } from "./draw.ts";
import { eligibility, type Eligibility, type EligibilityQuestion } from "./eligibility.ts";
import type { ExperimentChoice } from "./experiment-choice.ts";
import type { RunningExperiment } from "./experiment.ts";
import type { Stage } from "./stages.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Route } from "./route.ts";
import { neutralView, type RoutingView } from "./routing-view.ts";
import type { Probabilities, Strategy, StrategyInput } from "./strategies/strategy.ts";
import type { Standings } from "./standing.ts";
import { TakeOver } from "./take-over.ts";
import type { Variant } from "./variant.ts";

/** A choice: enough to serve the request and to tell later why. */
export interface Decision {
  /** The chosen variant; undefined when no variant can serve the request. */
  readonly variant: Variant | undefined;
  /** Every variant that was looked at, in the strategy's order, then the fallbacks', then an experiment's. */
  readonly candidates: readonly Candidate[];
  /** The probability with which `variant` was chosen, in (0, 1]; 0 when there is none. */
  readonly propensity: number;
  /** The number drawn, in [0, 1). */
  readonly draw: number;
  /**
   * The chosen variant, then the incumbent whose place an experiment gave it, then the fallbacks, as far as they can serve the
   * request; empty when nobody can.
   */
  readonly stages: readonly Stage[];
  /** Why this variant, or why none, in one sentence. */
  readonly reason: string;
  /** Set where there are no stages now, but would be, were not deployments held back by people. */
  readonly heldBack?: true;
  /** What an experiment made of it; absent where none took it. */
  readonly experiment?: ExperimentChoice;
  /** Which deployments of the stages ask another model than their own, since that has ended; absent where none does. */
  readonly replaced?: readonly string[];
}

/** A variant that the decision looked at. */
interface Candidate {
  readonly variant: string;
  /** 0 when the strategy could not choose it, and for one that is a fallback only. */
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
  /** The experiments that take requests of the route; absent where none does. */
  readonly experiments?: RouteExperiments;
}

/** The experiments of a route, with what is to be known of their variants. */
export interface RouteExperiments {
  readonly running: readonly RunningExperiment[];
  /** A variant by its name, also one that the route does not name; undefined where there is none. */
  readonly variantNamed: (name: string) => Variant | undefined;
  /** Why the request cannot be asked of a variant, beside what the models can do; undefined where it can. */
  readonly refusal: (variant: Variant) => string | undefined;
}

/** Chooses a variant and lays out the attempts. */
export function decide(input: DecisionInput): Decision {
  const { route, experiments } = input;
  const considered = consider(input);
  const probabilities = route.strategy.probabilities(considered.asked);
  const choice = choose(route, probabilities, considered.asked, input.variantDraw);
  const plainly = { considered, probabilities, choice };
  return decisionOf(input, experiments ? takenOver(plainly, experiments, input) : plainly);
}

/** A choice with what it was made from. */
interface Chosen {
  readonly considered: Considered;
  readonly probabilities: Probabilities;
  readonly choice: Choice;
}

function decisionOf({ route, variantDraw }: DecisionInput, chosen: Chosen): Decision {
  const { considered, probabilities, choice } = chosen;
  const { looks, narrows } = considered;
  const laidOut = stages(route, looks, choice);
  const replaced = narrows ? laidOut.flatMap((look) => look.replaced ?? []) : none;
  const decision: Filled<Decision> = {
    variant: choice.variant,
    candidates: looks.map((look) => candidate(look, probabilities)),
    propensity: choice.propensity,
    draw: variantDraw,
    stages: laidOut,
    reason: choice.variant ? choice.reason : noneReason(looks),
  };
  if (laidOut.length === 0 && looks.some(({ heldBack }) => heldBack)) decision.heldBack = true;
  if (choice.experiment) decision.experiment = choice.experiment;
  if (replaced.length > 0) decision.replaced = replaced;
  return decision;
}

/** The choice after an experiment had its say, where one has: of answers that the strategy chose a variant for. */
function takenOver(plainly: Chosen, experiments: RouteExperiments, input: DecisionInput): Chosen {
  const { considered, probabilities, choice } = plainly;
  const incumbent = choice.variant;
  if (!incumbent || !probabilities.has(incumbent.name) || input.facts.operation !== "chat") return plainly;
  const looks = new ExperimentLooks(considered.looks, experiments, questionOf(input));
  const { running } = experiments;
  const { asked } = considered;
  const takeOver = new TakeOver({ running, asked, unable: (variant) => looks.unable(variant) });
  const experiment = takeOver.choice(incumbent.name);
  if (!experiment) return plainly;
  const served = takeOver.served(probabilities);
  const assigned = "outside" in experiment ? incumbent.name : experiment.variant;
  const how =
    "outside" in experiment ? `left it, since ${experiment.outside}` : `assigned its unit ${assigned}`;
  return {
    // Those of an experiment's own may have models in the place of ended ones, too.
    considered: { ...considered, looks: looks.all, narrows: true },
    probabilities: served,
    choice: {
      variant: looks.of(assigned)?.variant,
      propensity: served.get(assigned) ?? 0,
      reason: `${choice.reason}; experiment ${experiment.name} (phase ${experiment.phase}) ${how}`,
      incumbent,
      experiment,
    },
  };
}

/** Looks at variants by name: at those that only an experiment names, too. */
class ExperimentLooks {
  /** The route's, then those that were asked for beside them. */
  readonly all: Look[];
  readonly #experiments: RouteExperiments;
  readonly #question: EligibilityQuestion;

  constructor(known: readonly Look[], experiments: RouteExperiments, question: EligibilityQuestion) {
    this.all = [...known];
    this.#experiments = experiments;
    this.#question = question;
  }

  of(name: string): Look | undefined {
    const known = this.all.find(({ variant }) => variant.name === name);
    if (known) return known;
    const variant = this.#experiments.variantNamed(name);
    if (!variant) return undefined;
    const look = lookAt(variant, this.#question);
    this.all.push(look);
    return look;
  }

  /** Why a variant can never serve the request. What people hold back now is not asked: it must not shape an assignment. */
  unable(name: string): string | undefined {
    const look = this.of(name);
    if (!look) return `there is no variant ${name}`;
    const { excluded } =
      look.excluded === undefined
        ? look
        : eligibility(look.variant, { ...this.#question, standings: undefined });
    return excluded ?? this.#experiments.refusal(look.variant);
  }
}

/** What the route's strategy is asked: the variants that can serve the request. */
export function strategyInput(input: DecisionInput): StrategyInput {
  return consider(input).asked;
}

const none: readonly string[] = [];

interface Considered {
  readonly looks: readonly Look[];
  readonly asked: StrategyInput;
  /** Whether any variant has deployments that cannot serve the request, or others in their place. */
  readonly narrows: boolean;
}

function consider(input: DecisionInput): Considered {
  const { route, facts, nowMs, view = neutralView } = input;
  const question = questionOf(input);
  const looks: Look[] = [];
  let narrows = false;
  for (const variant of route.variants.values()) {
    const look = lookAt(variant, question);
    narrows ||= look.pool !== variant.pool;
    looks.push(look);
  }
  // As a rule all can serve: the route's own variants are the eligible ones then.
  const eligible = narrows ? eligibleVariants(looks) : route.variants;
  return { looks, narrows, asked: { route: route.name, facts, eligible, nowMs, view } };
}

function questionOf({ facts, nowMs, standings, route }: DecisionInput): EligibilityQuestion {
  return { facts, nowMs, standings, requires: route.requires };
}

function lookAt(variant: Variant, question: EligibilityQuestion): Look {
  const { pool, excluded, heldBack, replaced } = eligibility(variant, question);
  return { variant, pool, excluded, heldBack, replaced };
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
  /** Whom the strategy chose, where an experiment had its say. */
  readonly incumbent?: Variant;
  readonly experiment?: ExperimentChoice;
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

function stages(route: Route, looks: readonly Look[], { variant, incumbent }: Choice): readonly Look[] {
  if (!variant) return [];
  const laidOut: Look[] = [];
  for (const look of looks) if (look.variant === variant) addAble(laidOut, look);
  if (incumbent) for (const look of looks) if (look.variant === incumbent) addAble(laidOut, look);
  for (const name of route.fallbacks) {
    const look = looks.find((one) => one.variant.name === name);
    if (look) addAble(laidOut, look);
  }
  return laidOut;
}

/** Adds a variant that can serve the request now, once. */
function addAble(laidOut: Look[], look: Look): void {
  if (look.excluded === undefined && !laidOut.includes(look)) laidOut.push(look);
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
