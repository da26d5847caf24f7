import { present } from "#core/kernel/present.ts";
import type { ExperimentPhase, ExperimentStatus, ExperimentTransition } from "./experiment-status.ts";
import type { ExperimentStore } from "./store.ts";

/** Statuses in memory, for tests. */
export function memoryExperimentStore(): ExperimentStore {
  const statuses = new Map<string, ExperimentStatus>();
  const phases = new Map<string, readonly ExperimentPhase[]>();
  const transitions = new Map<string, readonly ExperimentTransition[]>();
  let epoch = 0;
  return {
    async read() {
      return { epoch, statuses: new Map(statuses) };
    },
    async epoch() {
      return epoch;
    },
    async get(experiment) {
      return statuses.get(experiment);
    },
    async put(status, replaces) {
      const { experiment, phase, changedAtMs: atMs } = status;
      const former = statuses.get(experiment);
      if ((former?.epoch ?? 0) !== replaces) return undefined;
      epoch += 1;
      const kept = { ...status, epoch };
      statuses.set(experiment, kept);
      const earlier = (phases.get(experiment) ?? []).filter(({ number }) => number !== phase.number);
      phases.set(experiment, [phase, ...earlier.map((one) => ({ endedAtMs: atMs, ...one }))]);
      const transition = {
        epoch,
        atMs,
        by: status.changedBy,
        from: former?.state ?? ("draft" as const),
        to: status.state,
        phase: phase.number,
        ...present({ why: status.why }),
      };
      transitions.set(experiment, [transition, ...(transitions.get(experiment) ?? [])]);
      return kept;
    },
    async phases(experiment, limit) {
      return (phases.get(experiment) ?? []).slice(0, limit);
    },
    async endedBefore(timeMs) {
      return [...phases].flatMap(([experiment, of]) =>
        of
          .filter(({ endedAtMs }) => endedAtMs !== undefined && endedAtMs < timeMs)
          .map(({ number: phase }) => ({ experiment, phase }))
          .toReversed(),
      );
    },
    async transitions(experiment, limit) {
      return (transitions.get(experiment) ?? []).slice(0, limit);
    },
  };
}
