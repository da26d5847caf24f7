import type { Deployment } from "./deployment.ts";
import type { ModelFacts } from "./model-facts.ts";
import { isThinking, type RequestFacts } from "./request-facts.ts";
import type { RequiredTags } from "./required-tags.ts";
import { noStandings, type Standings } from "./standing.ts";
import type { Variant } from "./variant.ts";

/** The estimate of input tokens may be this much too high before a model is excluded for it: the provider has the last word. */
const estimateSlack = 1.25;

/** One filter: why the model cannot serve the request, or undefined. */
type Filter = (model: ModelFacts, need: Need) => string | undefined;

interface Need {
  readonly facts: RequestFacts;
  /** Estimated tokens of the prompt, with the variant's own words. */
  readonly inputTokens: number;
  /** What bounds the answer: the variant's setting, else the client's; undefined when neither is given. */
  readonly outputTokens: number | undefined;
  readonly thinks: boolean;
  readonly requires: RequiredTags | undefined;
  readonly nowMs: number;
}

const filters: readonly Filter[] = [ended, operation, context, output, media, tools, schema, thinking];

/** What is asked beside the variant. */
export interface EligibilityQuestion {
  readonly facts: RequestFacts;
  readonly nowMs: number;
  /** What was done with deployments beside the configuration; nothing when absent. */
  readonly standings?: Standings | undefined;
  /** What the route requires. */
  readonly requires?: RequiredTags | undefined;
}

/** Which of a variant's deployments can serve a request, from what is known beforehand. */
export interface Eligibility {
  /** In the pool's order: the pool itself where all can, as is usual. */
  readonly pool: readonly Deployment[];
  /** Why the variant cannot serve the request: the reason of its first deployment; absent when any of them can. */
  readonly excluded?: string;
  /** Set where one of its deployments could, were it not held back by people: later it may. */
  readonly heldBack?: true;
  /** What is in the pool in the place of what has ended, for people; absent where nothing is. */
  readonly replaced?: readonly string[];
}

/**
 * Looks at every deployment of a variant. Health and budgets are not asked here: they shape the ladder, never the choice.
 * Standings are: what an operator took out of service is no candidate.
 */
export function eligibility(
  variant: Variant,
  { facts, nowMs, standings = noStandings, requires }: EligibilityQuestion,
): Eligibility {
  const { maxOutputTokens, thinking: set } = variant.parameters;
  const need: Need = {
    facts,
    inputTokens: facts.inputTokens + (variant.prompt?.tokens ?? 0),
    outputTokens: maxOutputTokens ?? facts.maxOutputTokens,
    thinks: set ? isThinking(set) : (facts.thinks ?? false),
    requires,
    nowMs,
  };
  let first: string | undefined;
  let able: Deployment[] | undefined;
  let replaced: string[] | undefined;
  const exclusion = exclusions(need);
  for (const deployment of variant.pool) {
    const serving = deployment.successor === undefined ? deployment : servingAt(deployment, nowMs);
    const reason = standings.get(deployment.name)?.heldBack ?? exclusion(serving);
    if (reason !== undefined) first ??= reason;
    // Before the first that differs, the pool itself would do.
    if (reason !== undefined || serving !== deployment)
      able ??= variant.pool.slice(0, variant.pool.indexOf(deployment));
    if (reason === undefined) able?.push(serving);
    if (reason === undefined && serving !== deployment)
      (replaced ??= []).push(replacedText(deployment, serving));
  }
  if (able === undefined) return { pool: variant.pool };
  if (able.length === 0 && first !== undefined) {
    const isAble = (one: Deployment) => exclusion(servingAt(one, nowMs)) === undefined;
    return { pool: able, excluded: first, ...(variant.pool.some(isAble) && { heldBack: true }) };
  }
  return replaced === undefined ? { pool: able } : { pool: able, replaced };
}

/** The deployment itself while its model lives; then the first of its successors whose model does, or the last. */
export function servingAt(deployment: Deployment, nowMs: number): Deployment {
  let serving = deployment;
  while (serving.successor && serving.model.end && nowMs >= serving.model.end.atMs)
    serving = serving.successor;
  return serving;
}

function replacedText({ name, model }: Deployment, serving: Deployment): string {
  return `${name} asks ${serving.model.id} in the place of ${model.id}, which has ended`;
}

/** Why a deployment cannot serve the request. Those of one model that follow one another are one question. */
function exclusions(need: Need): (deployment: Deployment) => string | undefined {
  let asked: ModelFacts | undefined;
  let reason: string | undefined;
  return (deployment) => {
    const { model } = deployment;
    if (model !== asked) reason = modelExclusion((asked = model), need);
    return reason ?? residency(deployment, need);
  };
}

function modelExclusion(model: ModelFacts, need: Need): string | undefined {
  for (const filter of filters) {
    const reason = filter(model, need);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function ended(model: ModelFacts, { nowMs }: Need): string | undefined {
  if (!model.end || nowMs < model.end.atMs) return undefined;
  const day = new Date(model.end.atMs).toISOString().slice(0, 10);
  const instead = model.end.replacement === undefined ? "" : `; use ${model.end.replacement} instead`;
  return `${model.id} was shut down on ${day}${instead}`;
}

function operation(model: ModelFacts, { facts }: Need): string | undefined {
  const wanted = facts.operation === "embeddings" ? "embeddings" : "chat";
  if (model.operations.includes(wanted)) return undefined;
  return wanted === "chat" ? `${model.id} does not chat` : `${model.id} does not make embeddings`;
}

function residency(deployment: Deployment, { facts, requires }: Need): string | undefined {
  if (!requires && !facts.requires) return undefined;
  for (const [tag, values] of [...Object.entries(requires ?? {}), ...Object.entries(facts.requires ?? {})]) {
    const value = deployment.tags?.[tag];
    if (value !== undefined && values.includes(value)) continue;
    const has = value === undefined ? "none" : JSON.stringify(value);
    return `${deployment.name} has the tag ${tag}: ${has}, wanted is ${values.join(" or ")}`;
  }
  return undefined;
}

function context(model: ModelFacts, { inputTokens, outputTokens = 0 }: Need): string | undefined {
  if (model.contextTokens === undefined) return undefined;
  const shared = model.outputSharesContext ? outputTokens : 0;
  if (inputTokens / estimateSlack + shared <= model.contextTokens) return undefined;
  const answer = shared > 0 ? ` and an answer of up to ${shared}` : "";
  return `${model.id} has a context of ${model.contextTokens} tokens, the request about ${inputTokens}${answer}`;
}

function output(model: ModelFacts, { facts, outputTokens }: Need): string | undefined {
  if (facts.operation !== "chat" || outputTokens === undefined) return undefined;
  if (model.outputTokensMax === undefined || outputTokens <= model.outputTokensMax) return undefined;
  return `${model.id} answers with at most ${model.outputTokensMax} tokens, the request allows ${outputTokens}`;
}

function media(model: ModelFacts, { facts }: Need): string | undefined {
  if (facts.mediaKinds.size === 0) return undefined;
  const unread = [...facts.mediaKinds].filter((kind) => !model.media.includes(kind));
  return unread.length === 0 ? undefined : `${model.id} does not read media of the kind ${unread.join(", ")}`;
}

function tools(model: ModelFacts, { facts }: Need): string | undefined {
  return facts.hasTools && !model.tools ? `${model.id} does not call tools` : undefined;
}

function schema(model: ModelFacts, { facts }: Need): string | undefined {
  return facts.hasSchema && !model.structuredOutput ? `${model.id} does not answer by a schema` : undefined;
}

/** Only where it is known that a model cannot: a model that nobody described may well think. */
function thinking(model: ModelFacts, { facts, thinks }: Need): string | undefined {
  if (!thinks || facts.operation !== "chat") return undefined;
  return model.thinks === false ? `${model.id} does not think` : undefined;
}
