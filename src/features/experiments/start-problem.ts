import { keptDesign, overlap, type ExperimentDesign } from "#features/configuration/index.ts";
import type { ExperimentStatus } from "./experiment-status.ts";
import { isoTime } from "./iso-time.ts";

/** What a start depends on. */
interface Surroundings {
  readonly statuses: ReadonlyMap<string, ExperimentStatus>;
  readonly nowMs: number;
}

/**
 * Why an experiment cannot be started now, as wanted and actual; undefined where it can. Experiments run by the designs that
 * they were started with: what the configuration says of the others now does not keep their units apart.
 */
export function startProblem(
  design: ExperimentDesign,
  { statuses, nowMs }: Surroundings,
): string | undefined {
  const { name, startsAtMs, endsAtMs } = design;
  if (startsAtMs !== undefined && nowMs < startsAtMs)
    return `a time from its start, ${isoTime(startsAtMs)}, on is wanted, it is ${isoTime(nowMs)}`;
  if (endsAtMs !== undefined && nowMs >= endsAtMs)
    return `a time before its end, ${isoTime(endsAtMs)}, is wanted, it is ${isoTime(nowMs)}`;
  for (const { experiment, state, phase } of statuses.values()) {
    if (experiment === name || (state !== "running" && state !== "paused")) continue;
    const kept = keptDesign(experiment, phase.design);
    if (kept.ok && overlap(kept.value, design) !== undefined)
      return `no other experiment that could take the same units is wanted, "${experiment}" is ${state} and could; stop it, or give each a part of one layer`;
  }
  return undefined;
}
