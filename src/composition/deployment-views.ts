import { healthViewOf } from "#composition/health-views.ts";
import { lifecycleOf } from "#composition/model-lifecycle.ts";
import { priceViewOf } from "#composition/price-views.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { HealthView } from "#core/resilience/deployment-health.ts";
import { modelFacts } from "#features/catalog/index.ts";
import type { Configuration } from "#features/configuration/index.ts";
import {
  statusView,
  unknownDeployment,
  untouched,
  type CheckLine,
  type DeploymentStatus,
} from "#features/deployments/index.ts";
import type { DeploymentView } from "#http/control-plane/deployment-view.ts";

/** What the views of deployments are made from, as it is now. */
export interface DeploymentWorld {
  readonly configuration: () => Configuration;
  readonly statuses: () => ReadonlyMap<string, DeploymentStatus>;
  /** Attempts that this process has under way at a deployment. */
  readonly underWay: (deployment: string) => number;
  /** How one of the configuration is now. */
  readonly health: (deployment: Deployment) => HealthView;
  /** What a verification under way has found so far. */
  readonly progress: (deployment: string) => readonly CheckLine[];
  readonly nowMs: () => number;
}

/** `/api/deployments` and `/api/deployments/{name}` as they are now. */
export function deploymentViews(world: DeploymentWorld): {
  readonly list: () => readonly DeploymentView[];
  readonly one: (name: string) => DeploymentView;
} {
  return {
    list: () => {
      const { deployments } = world.configuration();
      const registered = [...world.statuses().values()].filter(
        ({ deployment }) => !deployments.has(deployment),
      );
      return [
        ...[...deployments.values()].map((deployment) => view(deployment, world)),
        ...registered.flatMap((status) => registeredView(status, world) ?? []),
      ];
    },
    one(name) {
      const deployment = world.configuration().deployments.get(name);
      if (deployment) return view(deployment, world);
      const status = world.statuses().get(name);
      const registered = status && registeredView(status, world);
      if (!registered) throw unknownDeployment(name);
      return registered;
    },
  };
}

/** One that is registered and not in the configuration: not ready yet, or refused. Others are remembered, not shown. */
function registeredView(status: DeploymentStatus, world: DeploymentWorld): DeploymentView | undefined {
  const provider = world.configuration().providers.get(status.registered?.provider ?? "");
  if (!status.registered || !provider) return undefined;
  const model = modelFacts(status.registered.model, provider.dialect);
  const deployment = { name: status.deployment, provider: provider.name, model, weight: 1 };
  return { ...view(deployment, world), usable: false, configured: false };
}

function view(deployment: Deployment, world: DeploymentWorld): DeploymentView {
  const { name, provider: providerName, model } = deployment;
  const provider = world.configuration().providers.get(providerName);
  const status = world.statuses().get(name) ?? untouched(name);
  const nowMs = world.nowMs();
  return {
    name,
    provider: providerName,
    dialect: provider?.dialect ?? "gemini",
    model: model.id,
    weight: status.weight ?? deployment.weight,
    configured_weight: deployment.weight,
    ...statusView(status, world.progress(name)),
    ...(deployment.disabled && {
      state: "disabled" as const,
      since: null,
      why: "disabled in the configuration",
    }),
    under_way: world.underWay(name),
    health: world.configuration().deployments.has(name) ? healthViewOf(world.health(deployment)) : null,
    lifecycle: lifecycleOf(deployment, nowMs),
    price: priceViewOf(deployment.price, nowMs),
    usable: status.state === "ready" && deployment.disabled === undefined && isAlive(deployment, nowMs),
    emulated: provider?.emulated ?? false,
    configured: name !== model.id,
  };
}

/** Whether a deployment's model still answers, or one that is asked in its place. */
export function isAlive({ model, successor }: Deployment, nowMs: number): boolean {
  if (model.end === undefined || nowMs < model.end.atMs) return true;
  return successor !== undefined && isAlive(successor, nowMs);
}
