import { pricesAt, ratesFor } from "#core/pricing/price-schedule.ts";
import type { Deployment } from "./deployment.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Variant } from "./variant.ts";

/** Answer tokens expected where nothing is measured: our own guess of a short answer. */
const answerTokensDefault = 300;

/** How long an answer is expected to be. */
export interface ExpectedAnswer {
  /** Of the variant's requests on average, thinking included; undefined where too few were served. */
  readonly measuredTokens: number | undefined;
}

/** How many tokens a variant will answer with: as measured, within what bounds the answer. */
export function expectedAnswerTokens(
  { parameters }: Variant,
  facts: RequestFacts,
  { measuredTokens }: ExpectedAnswer,
): number {
  if (facts.operation !== "chat" && facts.operation !== "interaction") return 0;
  const bound = parameters.maxOutputTokens ?? facts.maxOutputTokens ?? Infinity;
  return Math.min(measuredTokens ?? answerTokensDefault, bound);
}

/**
 * What a request will cost at a variant, pico-dollars: prompt tokens x price + expected answer tokens x price, at the
 * prices of the moment and of the prompt's length; the mean over its deployments by weight. No part of a bill: caches,
 * service tiers and modalities are left out, since they are known only afterwards.
 * @returns undefined where the price of none of its deployments is known
 */
export function predictedCost(
  variant: Variant,
  facts: RequestFacts,
  { answerTokens, nowMs }: { readonly answerTokens: number; readonly nowMs: number },
): number | undefined {
  let [sum, weights] = [0, 0];
  for (const deployment of variant.pool) {
    const cost = costAt(deployment, facts.inputTokens, answerTokens, nowMs);
    if (cost === undefined) continue;
    sum += cost * deployment.weight;
    weights += deployment.weight;
  }
  return weights > 0 ? sum / weights : undefined;
}

function costAt(
  { price }: Deployment,
  inputTokens: number,
  answerTokens: number,
  nowMs: number,
): number | undefined {
  if (!price) return undefined;
  const rates = ratesFor(pricesAt(price, nowMs), inputTokens);
  return inputTokens * rates.input + answerTokens * rates.output;
}
