import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Rung } from "#features/gateway/rung.ts";

/**
 * Has a token renewed that was refused.
 * @param headers those that the call was made with
 * @returns the failure, told whether another token takes the refused one's place; the same one where none does
 */
export function renewedFailure(
  failure: UpstreamFailure,
  { rejected }: Pick<Rung, "rejected">,
  headers: Readonly<Record<string, string>>,
): UpstreamFailure {
  if (failure.kind !== "credential" || !rejected?.(headers)) return failure;
  return { ...failure, renewing: true };
}
