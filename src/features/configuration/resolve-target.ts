import { catalogModel } from "#features/catalog/index.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { Route } from "#core/routing/route.ts";
import { single } from "#core/routing/strategies/single.ts";
import type { Configuration } from "./configuration.ts";
import { deploymentRoute } from "./resolve-route.ts";
import { suggestions } from "./suggestion.ts";

/** Most names that are suggested for an unknown one. */
const suggestionsMax = 3;

/**
 * What stands behind the name in a request's `model`: a route, a deployment, a catalog model, or `<route>/<variant>`, which is
 * one variant on the route's terms; undefined when nothing does.
 */
export function resolveTarget(configuration: Configuration, name: string): Route | undefined {
  return configuration.targets.get(name) ?? variantTarget(configuration, name);
}

/** What was made of a configuration: as many as it has routes times variants, at most. */
const variantTargets = new WeakMap<Configuration, Map<string, Route>>();

/** A route that only one variant serves, without its strategy, its fallbacks and its experiments: to try it, to evaluate it. */
function variantTarget(configuration: Configuration, name: string): Route | undefined {
  // No name has a slash in it.
  const slash = name.indexOf("/");
  if (slash === -1) return undefined;
  const route = configuration.routes.get(name.slice(0, slash));
  const variant = configuration.variants.get(name.slice(slash + 1));
  if (!route || !variant) return undefined;
  const made = variantTargets.get(configuration) ?? new Map<string, Route>();
  variantTargets.set(configuration, made);
  const known = made.get(name);
  if (known) return known;
  const target: Route = {
    ...route,
    name,
    strategy: single(variant.name),
    variants: new Map([[variant.name, variant]]),
    fallbacks: [],
  };
  made.set(name, target);
  return target;
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
