import { catalogModel } from "#features/catalog/index.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { Route } from "#core/routing/route.ts";
import type { Configuration } from "./configuration.ts";
import { deploymentRoute } from "./resolve-route.ts";
import { suggestions } from "./suggestion.ts";

/** Most names that are suggested for an unknown one. */
const suggestionsMax = 3;

/** What stands behind the name in a request's `model`: a route, a deployment, or a catalog model; undefined when nothing does. */
export function resolveTarget(configuration: Configuration, name: string): Route | undefined {
  return configuration.targets.get(name);
}

/** Every name that a request may ask for: routes, then deployments as written, then catalog models. */
export function targetNames(configuration: Configuration): readonly string[] {
  return [...configuration.targets.keys()];
}

/** Names close to an unknown one, closest first, at most three. */
export function targetSuggestions(configuration: Configuration, name: string): readonly string[] {
  return suggestions(name, configuration.targets.keys(), suggestionsMax);
}

/** Everything that can be named, from the routes and deployments there are. Their names never clash. */
export function targetsOf(
  routes: ReadonlyMap<string, Route>,
  deployments: ReadonlyMap<string, Deployment>,
): ReadonlyMap<string, Route> {
  const direct = [...deployments.values()].map((deployment) =>
    deploymentRoute(deployment, catalogModel(deployment.name) ? "model" : "deployment"),
  );
  return new Map(
    [
      ...routes.values(),
      ...direct.filter(({ kind }) => kind === "deployment"),
      ...direct.filter(({ kind }) => kind === "model"),
    ].map((route) => [route.name, route]),
  );
}
