import { usdText } from "#core/pricing/money.ts";
import { defaultCauses, defaultResilience, type RouteHedge } from "#core/routing/route-resilience.ts";
import type { Route } from "#core/routing/route.ts";
import type { RouteResilienceView } from "#http/control-plane/route-resilience-view.ts";

const priorities = ["high", "normal", "low"] as const;

/** What a route does about failures, as `/api/routes` tells it. */
export function routeResilienceViewOf({
  fallbacks,
  resilience = defaultResilience,
}: Pick<Route, "fallbacks" | "resilience">): RouteResilienceView {
  const {
    attemptsMax,
    priority,
    hedge,
    fallbackCauses,
    fallbackOutputTokens,
    costMax,
    keptAnswers,
    resumes,
  } = resilience;
  return {
    attempts_max: attemptsMax,
    priority: priorities[priority],
    hedge: hedge ? hedgeView(hedge) : null,
    fallbacks: fallbacks.map((variant) => ({
      variant,
      on: [...(fallbackCauses?.get(variant) ?? defaultCauses)],
      max_output_tokens: fallbackOutputTokens?.get(variant) ?? null,
    })),
    cost_max_usd: costMax === undefined ? null : usdText(costMax),
    resume: resumes === true,
    kept_answers: keptAnswers ? { max_age_ms: keptAnswers.ageMsMax, shared: keptAnswers.shared } : null,
  };
}

function hedgeView({ share, spendMax, tools }: RouteHedge): NonNullable<RouteResilienceView["hedge"]> {
  return { extra: share, spend_usd: usdText(spendMax), tools };
}
