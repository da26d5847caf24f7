import { catalogModel } from "#features/catalog/index.ts";
import type { Route } from "#core/routing/route.ts";
import type { Configuration } from "./configuration.ts";
import { deploymentRoute } from "./resolve-route.ts";
import { suggestions } from "./suggestion.ts";

/** Most names that are suggested for an unknown one. */
const suggestionsMax = 3;

/** What stands behind the name in a request's `model`: a route, a deployment, or a catalog model; undefined when nothing does. */
export function resolveTarget(configuration: Configuration, name: string): Route | undefined {
  const route = configuration.routes.get(name);
  if (route) return route;
  const deployment = configuration.deployments.get(name);
  return deployment && deploymentRoute(deployment, catalogModel(name) ? "model" : "deployment");
}

/** Every name that a request may ask for: routes, then deployments as written, then catalog models. */
export function targetNames(configuration: Configuration): readonly string[] {
  const deployments = [...configuration.deployments.keys()];
  return [
    ...configuration.routes.keys(),
    ...deployments.filter((name) => !catalogModel(name)),
    ...deployments.filter((name) => catalogModel(name)),
  ];
}

/** Names close to an unknown one, closest first, at most three. */
export function targetSuggestions(configuration: Configuration, name: string): readonly string[] {
  return suggestions(name, targetNames(configuration), suggestionsMax);
}
