import { providerDialects } from "#composition/dialects.ts";
import { promptCacheDefaults } from "#core/routing/affinity.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import { defaultResilience, type RouteHedge } from "#core/routing/route-resilience.ts";
import type { Route } from "#core/routing/route.ts";
import { weighted } from "#core/routing/strategies/weighted.ts";
import type { Variant } from "#core/routing/variant.ts";
import {
  rungsOf,
  type GatewaySnapshot,
  type Healths,
  type ProviderConnection,
} from "#features/gateway/index.ts";
import type { Epoch } from "../history.ts";
import type { DeploymentPlan, Scenario } from "./scenario.ts";

/** The name that everybody asks for. */
export const routeName = "support";

/** More second calls than a sensible route makes: what they do wrong shall show. */
const hedge: RouteHedge = { share: 0.5, spendMax: 10 ** 15, tools: false };

/** Pico-dollars a token: whole and different, so that no sum is right by accident. */
export const ratesPerToken = { input: 300_000, cachedInput: 30_000, output: 2_500_000 };
const price: PriceSchedule = { periods: [{ rates: ratesPerToken }] };

/** What the gateway decides on while an epoch is in force: made anew for each, as a reload does. */
export function snapshotOf(scenario: Scenario, epoch: Epoch, healths: Healths): GatewaySnapshot {
  const connections = new Map(scenario.deployments.map((plan) => [plan.name, connectionOf(plan, scenario)]));
  const route = routeOf(scenario, epoch);
  return {
    versions: { configuration: `epoch-${epoch.number}`, statusEpoch: epoch.number, prices: "simulated" },
    resolve: (name) => (name === routeName ? route : undefined),
    suggestions: () => [routeName],
    // As operators drain: beside the configuration, which goes on naming the deployment.
    standings: new Map(
      epoch.specification.withdrawn.map((name) => [name, { heldBack: "it is being drained" }]),
    ),
    rung: rungsOf((name) => connections.get(name), { healths }),
  };
}

function connectionOf({ name, dialect }: DeploymentPlan, { route }: Scenario): ProviderConnection {
  return {
    name,
    dialect: providerDialects[dialect],
    // The simulated provider knows itself by its host.
    baseUrl: `http://${name}/v1`,
    headers: { "content-type": "application/json" },
    privateNetwork: true,
    emulated: false,
    promptCache: route.affinity?.cache ?? promptCacheDefaults,
  };
}

function routeOf(scenario: Scenario, { specification }: Epoch): Route {
  const { chosen, fallbacks, deadlines, hedges, resumes, affinity } = scenario.route;
  return {
    name: routeName,
    kind: "route",
    capture: "metadata",
    strategy: weighted(specification.shares),
    variants: new Map(
      [...chosen, ...fallbacks].map((name) => [name, variantOf(scenario, name, specification)]),
    ),
    fallbacks,
    deadlines,
    ...(affinity && { affinity }),
    resilience: { ...defaultResilience, ...(hedges && { hedge }), ...(resumes && { resumes }) },
  };
}

function variantOf({ deployments }: Scenario, name: string, { weights }: Epoch["specification"]): Variant {
  const pool = deployments
    .filter((plan) => plan.variant === name)
    .map((plan) => deploymentOf(plan, weights[plan.name] ?? 1));
  return { name, hash: name, modelId: `model-${name}`, pool, parameters: {} };
}

/** The model that a deployment serves, in its provider's words. */
export function modelOf({ variant }: DeploymentPlan): string {
  return `model-${variant}`;
}

function deploymentOf(plan: DeploymentPlan, weight: number): Deployment {
  const { name, prefill } = plan;
  const id = modelOf(plan);
  return {
    name,
    provider: name,
    weight,
    price,
    model: {
      id,
      operations: ["chat"],
      outputSharesContext: false,
      // Without a bound nobody knows what a second call may cost, and none is made.
      outputTokensMax: 1_000,
      media: [],
      tools: true,
      structuredOutput: true,
      upstream: {
        id,
        thinking: { mode: "none" },
        ignoresSampling: false,
        needsThoughtSignatures: false,
        acceptsPrefill: true,
        ...(prefill && { prefill }),
      },
    },
  };
}
