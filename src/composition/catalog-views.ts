import { catalogModels, catalogPrices, lifecycleAt, type CatalogModel } from "#features/catalog/index.ts";
import { isAlive } from "#composition/deployment-views.ts";
import { priceViewOf } from "#composition/price-views.ts";
import { routeResilienceViewOf } from "#composition/route-resilience-views.ts";
import type { Configuration } from "#features/configuration/index.ts";
import type { RequestFacts } from "#core/routing/request-facts.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { Route } from "#core/routing/route.ts";
import type { Strategy } from "#core/routing/strategies/strategy.ts";
import { neutralView } from "#core/routing/routing-view.ts";
import type { Standings } from "#core/routing/standing.ts";
import type { CatalogViews, ModelView, RouteView } from "#http/control-plane/catalog-endpoints.ts";

/** `/api/models` and `/api/routes` as they are now. */
export function catalogViews(configuration: () => Configuration, nowMs: () => number): CatalogViews {
  return {
    models: () => catalogModels().map((model) => modelView(model, configuration(), nowMs())),
    routes: () => [...configuration().routes.values()].map((route) => routeView(route, nowMs())),
  };
}

function modelView(model: CatalogModel, configuration: Configuration, nowMs: number): ModelView {
  const lifecycle = lifecycleAt(model, nowMs);
  const deployment = configuration.deployments.get(model.id);
  return {
    id: model.id,
    display_name: model.displayName,
    description: model.description,
    operations: [...model.operations],
    state: lifecycle.state,
    released_on: model.lifecycle.releasedOn ?? null,
    shut_down_on: model.lifecycle.shutDownOn ?? null,
    replacement: model.lifecycle.replacement ?? null,
    context_tokens: model.contextTokens,
    output_tokens_max: model.outputTokensMax ?? null,
    media: [...model.media],
    tools: model.tools,
    structured_output: model.structuredOutput,
    price: priceViewOf(deployment?.price ?? catalogPrices(model.id), nowMs),
    usable: deployment !== undefined && isAlive(deployment, nowMs),
    emulated: isEmulated(configuration, deployment),
  };
}

/** What a route's shares are shown for: a short text, no media, no tools. */
const plainRequest: RequestFacts = {
  operation: "chat",
  stream: false,
  inputTokens: 0,
  mediaKinds: new Set(),
  hasTools: false,
  hasSchema: false,
  turns: 1,
  tags: {},
};

function routeView(route: Route, nowMs: number): RouteView {
  const depends = dependsOnRequest(route.strategy);
  const shares = route.strategy.probabilities({
    route: route.name,
    facts: plainRequest,
    eligible: route.variants,
    nowMs,
    view: neutralView,
  });
  return {
    name: route.name,
    strategy: route.strategy.keyword,
    variants: [...route.variants.values()].map((variant) => ({
      name: variant.name,
      probability: depends ? null : (shares.get(variant.name) ?? 0),
      model: variant.modelId,
      deployments: variant.pool.map(({ name }) => name),
    })),
    fallbacks: [...route.fallbacks],
    first_token_ms: route.deadlines.firstTokenMs ?? null,
    idle_ms: route.deadlines.idleMs ?? null,
    total_ms: route.deadlines.totalMs ?? null,
    resilience: routeResilienceViewOf(route),
    requires: requiresView(route),
  };
}

function requiresView({ requires = {} }: Route): RouteView["requires"] {
  return Object.fromEntries(Object.entries(requires).map(([tag, values]) => [tag, [...values]]));
}

/** How many deployments could be called now. */
export function usableDeployments(
  configuration: Configuration,
  { nowMs, standings }: { readonly nowMs: number; readonly standings: Standings },
): number {
  return [...configuration.deployments.values()].filter(
    (deployment) => isAlive(deployment, nowMs) && standings.get(deployment.name)?.heldBack === undefined,
  ).length;
}

function isEmulated(configuration: Configuration, deployment: Deployment | undefined): boolean {
  return deployment !== undefined && (configuration.providers.get(deployment.provider)?.emulated ?? false);
}

/** Whether somebody is weighed by what a request is like: such a strategy can tell what it weighed. */
function dependsOnRequest(strategy: Strategy): boolean {
  return strategy.scores !== undefined || strategy.parts.some(dependsOnRequest);
}
