import type { Arrival } from "#features/gateway/asked.ts";

/** Whose a request is: what one caller leaves in memory is not to be met with by another. */
export function callerOf({ principal }: Pick<Arrival, "principal">): string {
  return principal?.kind === "key" ? `key ${principal.keyId}` : (principal?.kind ?? "anyone");
}
