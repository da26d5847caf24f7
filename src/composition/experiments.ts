import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { RunningConfiguration } from "#composition/configuration.ts";
import type { Configuration } from "#features/configuration/index.ts";
import {
  ExperimentResults,
  ExperimentService,
  followExperiments,
  postgresExperimentStore,
  postgresShadowStore,
  type ExperimentEvent,
} from "#features/experiments/index.ts";
import {
  postgresFeedbackStore,
  postgresRequestLogStore,
  type RequestLogStore,
} from "#features/traffic/index.ts";

/** What the status of experiments is started over. */
interface ExperimentOptions {
  readonly database: Database;
  readonly configuration: RunningConfiguration;
  readonly logger: Logger;
}

/**
 * Reads how experiments stand, and follows what other processes do with them and what is due.
 * @throws AppError store-unavailable
 */
export async function startExperiments({
  database,
  configuration,
  logger,
}: ExperimentOptions): Promise<AsyncDisposable & { readonly service: ExperimentService }> {
  const service = new ExperimentService({
    store: postgresExperimentStore(database.kysely),
    log: postgresRequestLogStore(database.kysely),
    configuration: configuration.service,
    clock: systemClock,
    random: systemRandom,
    // One process alone has the embedded database.
    alone: database.kind === "pglite",
    onEvent(event) {
      tell(logger, event);
      // The epoch of the status is also part of what the configuration in force tells.
      if (event.kind !== "experiments-not-followed") void configuration.service.follow();
    },
  });
  await service.start();
  const unfollow = followExperiments(service, systemTimers);
  return {
    service,
    async [Symbol.asyncDispose]() {
      await unfollow();
      await service.close();
    },
  };
}

/** What experiments come to is read from the log and from feedback. */
export function resultsOfExperiments({
  database,
  log,
  experiments,
  settings,
}: {
  readonly database: Database;
  readonly log: RequestLogStore;
  readonly experiments: ExperimentService;
  readonly settings: () => Configuration;
}): ExperimentResults {
  return new ExperimentResults({
    service: experiments,
    stores: {
      log,
      feedback: postgresFeedbackStore(database.kysely),
      shadows: postgresShadowStore(database.kysely),
    },
    configured: (name) => settings().experiments.has(name),
    nowMs: () => systemClock.nowMs(),
  });
}

function tell(logger: Logger, { kind, ...facts }: ExperimentEvent): void {
  if ("error" in facts) logger.warn({ err: facts.error }, kind);
  else logger.info(facts, kind);
}
