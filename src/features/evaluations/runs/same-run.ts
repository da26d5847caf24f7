import { AppError } from "#core/kernel/app-error.ts";
import { canonicalJson } from "#core/kernel/canonical-json.ts";
import type { RunManifest } from "./run-manifest.ts";

/**
 * A run is gone on with as what it began as: bounds may be others than before; what is measured may not.
 * @param what names the run
 * @throws AppError invalid-request
 */
export function assertSameRun(what: string, kept: RunManifest, now: RunManifest): void {
  const differs = (["data", "targets", "scorers", "repeats"] as const).find(
    (key) => canonicalJson(kept[key]) !== canonicalJson(now[key]),
  );
  const changed =
    differs ?? (canonicalJson(kept.evaluation) === canonicalJson(now.evaluation) ? undefined : "evaluation");
  if (changed === undefined) return;
  throw new AppError(
    "invalid-request",
    `Cannot go on with ${what}: the same ${changed} is wanted as when it began, it has changed since; begin another`,
  );
}
