import type { Deployment } from "./deployment.ts";
import type { ModelFacts } from "./model-facts.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Variant, VariantParameters } from "./variant.ts";

/** The estimate of input tokens may be this much too high before a model is excluded for it: the provider has the last word. */
const estimateSlack = 1.25;

/** One filter: why the model cannot serve the request, or undefined. */
type Filter = (model: ModelFacts, need: Need) => string | undefined;

interface Need {
  readonly facts: RequestFacts;
  /** What bounds the answer: the variant's setting, else the client's; undefined when neither is given. */
  readonly outputTokens: number | undefined;
  readonly nowMs: number;
}

const filters: readonly Filter[] = [ended, operation, context, output, media, tools, schema];

/**
 * Why a variant cannot serve a request, from what is known beforehand; undefined when it can. It can when any of its
 * deployments can. Health and budgets are not asked here: they shape the ladder, never the choice.
 */
export function exclusion(variant: Variant, facts: RequestFacts, nowMs: number): string | undefined {
  const reasons = variant.pool.map((deployment) =>
    deploymentExclusion(deployment, { facts, parameters: variant.parameters, nowMs }),
  );
  return reasons.includes(undefined) ? undefined : reasons[0];
}

/** Why one deployment cannot serve a request under a variant's parameters; undefined when it can. */
export function deploymentExclusion(
  deployment: Deployment,
  need: { readonly facts: RequestFacts; readonly parameters: VariantParameters; readonly nowMs: number },
): string | undefined {
  const outputTokens = need.parameters.maxOutputTokens ?? need.facts.maxOutputTokens;
  for (const filter of filters) {
    const reason = filter(deployment.model, { facts: need.facts, outputTokens, nowMs: need.nowMs });
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

function context(model: ModelFacts, { facts, outputTokens = 0 }: Need): string | undefined {
  if (model.contextTokens === undefined) return undefined;
  const shared = model.outputSharesContext ? outputTokens : 0;
  if (facts.inputTokens / estimateSlack + shared <= model.contextTokens) return undefined;
  const answer = shared > 0 ? ` and an answer of up to ${shared}` : "";
  return `${model.id} has a context of ${model.contextTokens} tokens, the request about ${facts.inputTokens}${answer}`;
}

function output(model: ModelFacts, { facts, outputTokens }: Need): string | undefined {
  if (facts.operation !== "chat" || outputTokens === undefined) return undefined;
  if (model.outputTokensMax === undefined || outputTokens <= model.outputTokensMax) return undefined;
  return `${model.id} answers with at most ${model.outputTokensMax} tokens, the request allows ${outputTokens}`;
}

function media(model: ModelFacts, { facts }: Need): string | undefined {
  const unread = [...facts.mediaKinds].filter((kind) => !model.media.includes(kind));
  return unread.length === 0 ? undefined : `${model.id} does not read media of the kind ${unread.join(", ")}`;
}

function tools(model: ModelFacts, { facts }: Need): string | undefined {
  return facts.hasTools && !model.tools ? `${model.id} does not call tools` : undefined;
}

function schema(model: ModelFacts, { facts }: Need): string | undefined {
  return facts.hasSchema && !model.structuredOutput ? `${model.id} does not answer by a schema` : undefined;
}
