import type { RunningEvaluation } from "#core/routing/sampled-evaluations.ts";
import type { Configuration } from "#features/configuration/index.ts";

/**
 * The evaluations that sample a route, in the order in which they are written: what the gateway samples by.
 * @returns undefined where there are none, so that the gateway need not ask
 */
export function runningEvaluations({
  evaluations,
}: Pick<Configuration, "evaluations">):
  | ((route: string) => readonly RunningEvaluation[] | undefined)
  | undefined {
  const byRoute = new Map<string, RunningEvaluation[]>();
  for (const { name, routes, sample } of evaluations.values())
    for (const route of routes) byRoute.set(route, [...(byRoute.get(route) ?? []), { name, sample }]);
  return byRoute.size > 0 ? (route) => byRoute.get(route) : undefined;
}
