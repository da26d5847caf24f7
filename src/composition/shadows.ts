import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { Metrics } from "#adapters/telemetry/metrics.ts";
import { keptDesign, type ShadowTerms } from "#features/configuration/index.ts";
import { postgresShadowStore, ShadowRunner, type ExperimentService } from "#features/experiments/index.ts";

/** What second answers are made with. */
interface ShadowOptions {
  readonly database: Database;
  readonly experiments: Pick<ExperimentService, "view">;
  readonly metrics: Pick<Metrics, "observeShadowDrop">;
  readonly logger: Logger;
}

/** Starts what has requests answered once more for experiments. */
export function startShadows({ database, experiments, metrics, logger }: ShadowOptions): ShadowRunner {
  return new ShadowRunner({
    store: postgresShadowStore(database.kysely),
    terms: (experiment, phase) => runningTerms(experiments, experiment, phase),
    clock: systemClock,
    timers: systemTimers,
    onDrop: (drop) => metrics.observeShadowDrop(drop),
    onFailure: (error) => logger.error({ err: error }, "second answer failed"),
  });
}

function runningTerms(
  { view }: Pick<ExperimentService, "view">,
  experiment: string,
  phase: number,
): ShadowTerms | undefined {
  const status = view().statuses.get(experiment);
  if (status?.state !== "running" || status.phase.number !== phase) return undefined;
  const design = keptDesign(experiment, status.phase.design);
  return design.ok ? design.value.shadow : undefined;
}
