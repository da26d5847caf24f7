import { placeOf } from "#core/dialects/placed-name.ts";
import type { ResourceCall } from "#core/dialects/resources.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { GatewaySnapshot, PlanProblem } from "#features/gateway/plan.ts";
import { shownName } from "#features/gateway/unknown-model.ts";

/** The request header that names a provider, where the path names nothing. */
export const providerHeader = "x-signalbox-provider";

/** Where something is that a provider keeps, and by which deployment it is reached. */
export interface ResourcePlace {
  readonly provider: string;
  readonly deployment: string;
}

/**
 * The provider that a call without a model is for: the one in the thing's name, the one that the client names, or the only
 * one there is.
 * @param asked the provider that the client names in a header
 */
export function resourcePlace(
  snapshot: GatewaySnapshot,
  call: ResourceCall,
  asked: string | undefined,
): Result<ResourcePlace, PlanProblem> {
  const keepers = snapshot.resourceProviders ?? new Map<string, readonly string[]>();
  const named = (call.id === undefined ? undefined : placeOf(call.id).provider) ?? asked;
  const provider = named ?? (keepers.size === 1 ? [...keepers.keys()][0] : undefined);
  if (provider === undefined) return failed(unplaced(call, [...keepers.keys()]));
  const deployments = keepers.get(provider);
  // One out of service takes no new requests; where all are, the refusal says so.
  const deployment =
    deployments?.find((name) => snapshot.standings?.get(name)?.heldBack === undefined) ?? deployments?.[0];
  return deployment === undefined ? failed(unknownProvider(provider)) : ok({ provider, deployment });
}

function unplaced({ kind, id }: ResourceCall, providers: readonly string[]): PlanProblem {
  const what = id === undefined ? kind : `${kind} "${shownName(id)}"`;
  const message =
    providers.length === 0
      ? `Cannot find ${what}: a provider of the Gemini API with a deployment is wanted, none is configured`
      : `Cannot find ${what}: the provider is wanted, as in "${providers[0] ?? ""}~<id>" or in the header ${providerHeader}; there are ${providers.join(", ")}`;
  return { status: 400, code: "invalid-request", message };
}

function unknownProvider(provider: string): PlanProblem {
  const message = `Cannot find provider "${shownName(provider)}": no provider of the Gemini API with a deployment has that name`;
  return { status: 404, code: "not-found", message };
}
