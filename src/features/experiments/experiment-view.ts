import { plainJson } from "#core/kernel/plain-json.ts";
import { writtenChanges, type Configuration } from "#features/configuration/index.ts";
import type { ExperimentPhase, ExperimentStatus, ExperimentTransition } from "./experiment-status.ts";
import { isoTime } from "./iso-time.ts";
import { messagesShownMax, toldView } from "./notifications/notifications-view.ts";
import type { NotificationStore } from "./notifications/store.ts";
import { runningExperiment } from "./running-experiments.ts";
import type { ExperimentDetail, ExperimentView } from "./schema.ts";
import { unknownExperiment, type ExperimentService } from "./service.ts";
import { startProblem } from "./start-problem.ts";

/** What the views of experiments are made from, as it is now. */
interface ExperimentWorld {
  readonly service: Pick<ExperimentService, "view" | "history">;
  readonly configuration: () => Configuration;
  readonly nowMs: () => number;
  /** What was told of experiments. */
  readonly notifications: Pick<NotificationStore, "verdicts" | "newest">;
}

/** `/api/experiments` and `/api/experiments/{name}` as they are now. */
export function experimentViews(world: ExperimentWorld): {
  readonly list: () => readonly ExperimentView[];
  /** One with its history. @throws AppError not-found; store-unavailable */
  readonly one: (name: string) => Promise<ExperimentDetail>;
} {
  const { service, configuration } = world;
  return {
    list() {
      const { statuses } = service.view();
      const names = new Set([...configuration().experiments.keys(), ...statuses.keys()]);
      return [...names].map((name) => view(name, world));
    },
    async one(name) {
      const shown = view(name, world);
      const { phases, transitions } = await service.history(name);
      const { notifications } = world;
      const verdict = (await notifications.verdicts()).get(name);
      return {
        ...shown,
        phases: phases.map(phaseView),
        changes: transitions.map(changeView),
        ...toldView(verdict, await notifications.newest(name, messagesShownMax)),
      };
    },
  };
}

function view(name: string, world: ExperimentWorld): ExperimentView {
  const configuration = world.configuration();
  const configured = configuration.experiments.get(name);
  const status = world.service.view().statuses.get(name);
  const written = status?.phase.design ?? configured?.written;
  if (written === undefined) throw unknownExperiment(name);
  return {
    name,
    ...statusView(status),
    design: plainJson(written),
    configured: configured !== undefined,
    design_changed: status ? [...designChanges(status, configuration)] : [],
    problem: problemOf(name, world) ?? null,
  };
}

function statusView(status: ExperimentStatus | undefined) {
  return {
    state: status?.state ?? ("draft" as const),
    since: status ? isoTime(status.sinceMs) : null,
    phase: status?.phase.number ?? null,
    winner: status?.winner ?? null,
    why: status?.why ?? null,
    changed_by: status?.changedBy ?? null,
    changed_at: status ? isoTime(status.changedAtMs) : null,
    epoch: status?.epoch ?? 0,
  };
}

/** What the configuration says of it otherwise than the design that it was started with, in words. */
function designChanges(
  { experiment, phase }: ExperimentStatus,
  { experiments }: Pick<Configuration, "experiments">,
): readonly string[] {
  const now = experiments.get(experiment)?.written;
  const changes = writtenChanges(
    { experiments: { [experiment]: phase.design } },
    { experiments: now ? { [experiment]: now } : {} },
  );
  return changes.map(({ text }) => text);
}

function problemOf(name: string, { service, configuration, nowMs }: ExperimentWorld): string | undefined {
  const { statuses } = service.view();
  const status = statuses.get(name);
  if (status?.state === "running") {
    const running = runningExperiment(configuration(), status);
    return running.ok ? undefined : running.error;
  }
  const design = configuration().experiments.get(name);
  if (status || design?.startsAtMs === undefined || nowMs() < design.startsAtMs) return undefined;
  const problem = startProblem(design, { statuses, nowMs: nowMs() });
  return problem === undefined ? undefined : `it could not start: ${problem}`;
}

function phaseView({ number, startedAtMs, endedAtMs, configuration, hashes }: ExperimentPhase) {
  return {
    phase: number,
    started_at: isoTime(startedAtMs),
    ended_at: endedAtMs === undefined ? null : isoTime(endedAtMs),
    configuration,
    variants: { ...hashes },
  };
}

function changeView({ atMs, by, from, to, phase, why, epoch }: ExperimentTransition) {
  return { at: isoTime(atMs), by, from, to, phase, why: why ?? null, epoch };
}
