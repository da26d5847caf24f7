import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { RunningConfiguration } from "#composition/configuration.ts";
import {
  ExperimentService,
  followExperiments,
  postgresExperimentStore,
  type ExperimentEvent,
} from "#features/experiments/index.ts";

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

function tell(logger: Logger, { kind, ...facts }: ExperimentEvent): void {
  if ("error" in facts) logger.warn({ err: facts.error }, kind);
  else logger.info(facts, kind);
}
