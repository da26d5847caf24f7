import {
  isForGood,
  versionChanges,
  versionChangeText,
  type VersionChange,
} from "#core/experiments/findings/version-change.ts";
import { keptDesign } from "#features/configuration/index.ts";
import type { RequestLogStore } from "#features/traffic/index.ts";
import type { ExperimentPhase, ExperimentStatus } from "./experiment-status.ts";
import type { ExperimentStore } from "./store.ts";

/** What is asked about the versions that answer in experiments. */
export interface VersionWatchPorts {
  readonly log: Pick<RequestLogStore, "experimentVersions">;
  readonly store: Pick<ExperimentStore, "phases">;
}

/** How often versions are looked at, ms: they are counted by the minute. */
const lookPeriodMs = 60_000;
/** How long a phase lasts at least before a version ends it, ms. */
const phaseMsMin = 60 * 60_000;
/** Phases of one experiment that versions begin, at most: in each units change their variants. */
const versionPhasesMax = 10;
/** Phases that are read to count these. */
const phasesReadMax = 1_000;

/** Watches for experiments whose providers let another version answer for good, where their design has a new phase follow from it. */
export class VersionWatch {
  readonly #ports: VersionWatchPorts;
  #nextLookMs = 0;

  constructor(ports: VersionWatchPorts) {
    this.#ports = ports;
  }

  /** Whether versions are to be looked at again; the next look is then some time away. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#nextLookMs) return false;
    this.#nextLookMs = nowMs + lookPeriodMs;
    return true;
  }

  /**
   * Why the next phase of an experiment is to begin; undefined where it is not. Not within an hour after the phase began, and not
   * when ten began so: the finding then stays.
   * @throws AppError store-unavailable
   */
  async reason({ experiment, state, phase }: ExperimentStatus, nowMs: number): Promise<string | undefined> {
    if (state !== "running" || nowMs - phase.startedAtMs < phaseMsMin) return undefined;
    const design = keptDesign(experiment, phase.design);
    if (!design.ok || !design.value.followsVersions) return undefined;
    const changes = await this.#changes({ experiment, phase: phase.number });
    if (changes.length === 0) return undefined;
    const phases = await this.#ports.store.phases(experiment, phasesReadMax);
    if (versionPhases(phases) >= versionPhasesMax) return undefined;
    return changes.map(versionChangeText).join("; ");
  }

  async #changes(of: {
    readonly experiment: string;
    readonly phase: number;
  }): Promise<readonly VersionChange[]> {
    const { log } = this.#ports;
    const changes: VersionChange[] = [];
    for (const change of versionChanges(await log.experimentVersions(of))) {
      const since = await log.experimentVersions({ ...of, sinceMs: change.aloneSinceMs });
      if (isForGood(change, since)) changes.push(change);
    }
    return changes;
  }
}

/** The phases that compare the same as the one before: those that began since a version changed. */
function versionPhases(phases: readonly ExperimentPhase[]): number {
  return phases.filter((phase, place) => {
    const former = phases[place + 1];
    return former !== undefined && comparedBy(former) === comparedBy(phase);
  }).length;
}

function comparedBy({ hashes }: ExperimentPhase): string {
  return JSON.stringify(Object.entries(hashes).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
