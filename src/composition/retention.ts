import type { Logger } from "pino";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { LogConfiguration } from "#features/configuration/index.ts";
import { Retention, type RetentionParts } from "#features/traffic/index.ts";

/** Starts dropping what the log keeps no longer, by the settings that are in force at the time. */
export function startRetention(
  store: RetentionParts["store"],
  {
    log,
    endedPhases,
    logger,
  }: Pick<RetentionParts, "endedPhases"> & { readonly log: () => LogConfiguration; readonly logger: Logger },
): Retention {
  const retention = new Retention({
    store,
    endedPhases,
    clock: systemClock,
    timers: systemTimers,
    get rowsRetentionMs() {
      return log().rowsRetentionMs;
    },
    get contentRetentionMs() {
      return log().contentRetentionMs;
    },
    get experimentsRetentionMs() {
      return log().experimentsRetentionMs;
    },
    onEvent: ({ kind, ...facts }) =>
      "error" in facts ? logger.warn({ what: facts.what, err: facts.error }, kind) : logger.info(facts, kind),
  });
  retention.start();
  return retention;
}
