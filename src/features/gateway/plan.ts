import type { ErrorForClient, Warning } from "#core/dialects/dialect.ts";
import type { Filled } from "#core/kernel/filled.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { RouteAffinity } from "#core/routing/affinity.ts";
import type { CapturePolicy } from "#core/routing/capture-policy.ts";
import {
  decide,
  strategyInput,
  type Decision,
  type DecisionInput,
  type RouteExperiments,
} from "#core/routing/decide.ts";
import { eligibility } from "#core/routing/eligibility.ts";
import type { ExperimentChoice } from "#core/routing/experiment-choice.ts";
import type { RunningExperiment } from "#core/routing/experiment.ts";
import { defaultResilience, type RouteResilience } from "#core/routing/route-resilience.ts";
import type { RequiredTags } from "#core/routing/required-tags.ts";
import type { RoutingView } from "#core/routing/routing-view.ts";
import { promptReference } from "#core/prompts/prompt.ts";
import type { DeploymentHealth } from "#core/resilience/deployment-health.ts";
import type { RequestFacts } from "#core/routing/request-facts.ts";
import type { Route } from "#core/routing/route.ts";
import { sampledEvaluations, type RunningEvaluation } from "#core/routing/sampled-evaluations.ts";
import { shadowChoice, type RunningShadow, type ShadowChoice } from "#core/routing/shadow.ts";
import { ladderNames, type Step } from "#core/routing/stages.ts";
import type { Variant } from "#core/routing/variant.ts";
import type { Standings } from "#core/routing/standing.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { Deadlines } from "#features/gateway/exchange.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { unusedVariables } from "#features/gateway/prompted-request.ts";
import { shownName, unknownModelText } from "#features/gateway/unknown-model.ts";
import type { DecisionRecord } from "#features/traffic/index.ts";

/** What is in force at one moment: every decision is taken on one of these, whole. */
export interface GatewaySnapshot {
  /** What it was made from, as each decision taken on it tells. */
  readonly versions: DecisionRecord["snapshot"];
  /** What was done with deployments while they run; absent where nobody does anything with them. */
  readonly standings?: Standings;
  /** What stands behind a name; `undefined` when nothing does. */
  resolve(name: string): Route | undefined;
  /** How a step is called; `undefined` when its provider is none of the snapshot's. */
  readonly rung: (step: Step) => Rung | undefined;
  /** How a deployment is; `undefined` when there is none of that name. Absent where nobody asks. */
  readonly health?: (deployment: string) => DeploymentHealth | undefined;
  /** Providers that keep things for their callers, each with the deployments that it is reached by. Absent where none does. */
  readonly resourceProviders?: ReadonlyMap<string, readonly string[]>;
  /** The experiments that take requests of a route now, in the order in which they are asked. Absent: there are none. */
  readonly experiments?: (route: string) => readonly RunningExperiment[];
  /** The experiments that compare off-line on a route now, in the order in which they are asked. Absent: there are none. */
  readonly shadows?: (route: string) => readonly RunningShadow[] | undefined;
  /** The evaluations that score samples of a route's answers now. Absent: there are none. */
  readonly evaluations?: (route: string) => readonly RunningEvaluation[] | undefined;
  /** A variant by its name, since an experiment may compare some that its route does not name. Absent where nobody asks. */
  readonly variant?: (name: string) => Variant | undefined;
  /** Names close to an unknown one, for the error. */
  suggestions(name: string): readonly string[];
}

/** A decision with the calls that can carry it out. */
export interface Plan {
  readonly decision: Omit<DecisionRecord, "warnings" | "experiment">;
  /** What an experiment made of it, with its unit by name; absent where none took it. */
  readonly experiment?: ExperimentChoice;
  /** By whom it is answered once more when the client has its answer; absent, as a rule, where by nobody. */
  readonly shadow?: PlannedShadow;
  /** Who scores the answer when the client has it; absent, as a rule, where nobody does. */
  readonly evaluations?: PlannedEvaluations;
  /** Whom to ask: the chosen variant's deployments, then each fallback's. Neither is ever empty. */
  readonly stages: readonly (readonly Rung[])[];
  readonly deadlines: Deadlines;
  /** What is done about failures. */
  readonly resilience: RouteResilience;
  /** What keeps a conversation on its deployment; absent where nothing does. */
  readonly affinity?: RouteAffinity;
  readonly capture: CapturePolicy;
  /** What whoever reads the record should know of the decision; absent where there is nothing. */
  readonly warnings?: readonly Warning[];
}

/** A second answer that a request is to have, on the terms that it was decided on. */
export interface PlannedShadow {
  readonly choice: ShadowChoice;
  readonly snapshot: GatewaySnapshot;
  readonly route: Route;
  readonly variant: Variant;
}

/** The evaluations that have taken a request into their samples. */
export interface PlannedEvaluations {
  readonly names: readonly string[];
  /** What deployments must be that see the request. */
  readonly requires?: RequiredTags;
}

/** What a plan is made from. */
export interface PlanInput {
  /** The name the client asked for. */
  readonly model: string;
  /** Of a client's request; absent of what nobody samples. */
  readonly requestId?: string;
  readonly facts: RequestFacts;
  readonly nowMs: number;
  readonly variantDraw: number;
  /** What strategies may ask beside the facts. */
  readonly view?: RoutingView;
  /** The request as a variant's prompt makes it; absent where it is none that prompts are made for. */
  readonly prompting?: Asked["prompting"] | undefined;
}

/** Why there is no plan. */
export type PlanProblem = Pick<ErrorForClient, "status" | "code" | "message">;

/** Decides who serves a request and how each attempt is made. Pure. */
export function plan(snapshot: GatewaySnapshot, input: PlanInput): Result<Plan, PlanProblem> {
  const route = snapshot.resolve(input.model);
  if (!route) return failed(unknownModel(snapshot, input.model));
  const question = decisionInput(snapshot, route, input);
  const decision = decide(question);
  const stages = rungStages(snapshot, decision);
  if (!decision.variant || stages.length === 0) return failed(unservable(input.model, decision));
  const unprompted = promptRefusal(snapshot, route, decision.variant, input.prompting);
  if (unprompted) return failed(unprompted);
  const made: Filled<Plan> = {
    decision: decisionRecord(snapshot, route, decision),
    stages,
    deadlines: route.deadlines,
    resilience: route.resilience ?? defaultResilience,
    capture: route.capture,
  };
  if (decision.experiment) made.experiment = decision.experiment;
  if (route.affinity) made.affinity = route.affinity;
  const shadow =
    snapshot.shadows &&
    plannedShadow(snapshot, question, { served: decision.variant, prompting: input.prompting });
  if (shadow) made.shadow = shadow;
  const evaluations = snapshot.evaluations && plannedEvaluations(snapshot, route, input);
  if (evaluations) made.evaluations = evaluations;
  if (decision.replaced) made.warnings = decision.replaced.map(replacedWarning);
  return ok(made);
}

/** The second answer that a request is to have which was decided for a variant; undefined where none. */
export function plannedShadow(
  snapshot: GatewaySnapshot,
  question: DecisionInput,
  { served, prompting }: { readonly served: Variant } & Pick<PlanInput, "prompting">,
): PlannedShadow | undefined {
  const { route, facts, nowMs, standings } = question;
  const running = facts.operation === "chat" ? snapshot.shadows?.(route.name) : undefined;
  if (!running) return undefined;
  const asked = strategyInput(question);
  const unable = (name: string): string | undefined => {
    const variant = snapshot.variant?.(name);
    if (!variant) return `there is no variant ${name}`;
    const { excluded } = eligibility(variant, { facts, nowMs, standings, requires: route.requires });
    return excluded ?? promptRefusal(snapshot, route, variant, prompting)?.message;
  };
  const choice = shadowChoice({ running, asked, served: served.name, unable });
  const variant = choice && snapshot.variant?.(choice.treatment);
  return choice && variant && { choice, snapshot, route, variant };
}

/** Who scores the answer to a request; undefined where nobody does. */
function plannedEvaluations(
  snapshot: GatewaySnapshot,
  { name, requires }: Route,
  { facts, requestId }: PlanInput,
): PlannedEvaluations | undefined {
  if (facts.operation !== "chat" || requestId === undefined) return undefined;
  const running = snapshot.evaluations?.(name);
  const names = running && sampledEvaluations(running, requestId);
  return names && { names, ...(requires && { requires }) };
}

/** What a decision about a request of a route is taken from. */
export function decisionInput(
  snapshot: GatewaySnapshot,
  route: Route,
  input: Omit<DecisionInput, "route" | "standings" | "experiments"> & Pick<PlanInput, "prompting">,
): DecisionInput {
  const { facts, nowMs, variantDraw, view, prompting } = input;
  const made: Filled<DecisionInput> = { route, facts, nowMs, variantDraw };
  if (view) made.view = view;
  if (snapshot.standings) made.standings = snapshot.standings;
  const experiments = snapshot.experiments && routeExperiments(snapshot, route, prompting);
  if (experiments) made.experiments = experiments;
  return made;
}

function routeExperiments(
  snapshot: GatewaySnapshot,
  route: Route,
  prompting: PlanInput["prompting"],
): RouteExperiments | undefined {
  const running = snapshot.experiments?.(route.name) ?? [];
  if (running.length === 0) return undefined;
  return {
    running,
    variantNamed: (name) => snapshot.variant?.(name),
    refusal: (variant) => promptRefusal(snapshot, route, variant, prompting)?.message,
  };
}

/** Why a variant's prompt cannot be rendered for the request; undefined where it can. */
function promptRefusal(
  snapshot: GatewaySnapshot,
  route: Route,
  { prompt }: Variant,
  prompting: PlanInput["prompting"],
): PlanProblem | undefined {
  if (!prompting) return undefined;
  const rendered = prompting.prompted(prompt);
  const problem = rendered.ok
    ? unusedVariables(() => comparedVariants(snapshot, route), prompting.request)
    : rendered.error;
  return problem && { status: 400, code: problem.code, message: problem.message };
}

/** Every variant that may serve a request of a route: its own, and those of its experiments. */
export function comparedVariants(snapshot: GatewaySnapshot, route: Route): readonly Variant[] {
  const running = snapshot.experiments?.(route.name) ?? [];
  const shadows = snapshot.shadows?.(route.name)?.map(({ sampling }) => sampling) ?? [];
  const names = [...running, ...shadows].flatMap(({ variants }) => variants.map(({ variant }) => variant));
  return [...route.variants.values(), ...names.flatMap((name) => snapshot.variant?.(name) ?? [])];
}

function replacedWarning(message: string): Warning {
  return { code: "replaced-model", field: "model", message };
}

function rungStages(snapshot: GatewaySnapshot, { stages }: Decision): Plan["stages"] {
  const made: Rung[][] = [];
  for (const { variant, pool } of stages) {
    const rungs: Rung[] = [];
    for (const deployment of pool) {
      const rung = snapshot.rung({ variant, deployment });
      if (rung) rungs.push(rung);
    }
    if (rungs.length > 0) made.push(rungs);
  }
  return made;
}

function decisionRecord(snapshot: GatewaySnapshot, route: Route, decision: Decision): Plan["decision"] {
  return {
    route: route.name,
    variant: decision.variant?.name ?? "",
    ...(decision.variant?.prompt && { prompt: promptReference(decision.variant.prompt) }),
    strategy: route.strategy.keyword,
    candidates: decision.candidates,
    propensity: decision.propensity,
    draw: decision.draw,
    ladder: ladderNames(decision.stages),
    reason: decision.replaced ? [decision.reason, ...decision.replaced].join("; ") : decision.reason,
    snapshot: snapshot.versions,
  };
}

/** The refusal of a name that nothing stands behind. */
export function unknownModel(snapshot: GatewaySnapshot, name: string): PlanProblem {
  return { status: 404, code: "not-found", message: unknownModelText(name, snapshot.suggestions(name)) };
}

function unservable(name: string, decision: Decision): PlanProblem {
  if (decision.heldBack) {
    const message = `Cannot serve "${shownName(name)}" now: its deployments take no requests: ${decision.reason}`;
    return { status: 503, code: "no-deployment-available", message };
  }
  const message = `Cannot serve "${shownName(name)}": no variant can take this request: ${decision.reason}`;
  return { status: 400, code: "unsupported-feature", message };
}
