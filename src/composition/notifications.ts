import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { present } from "#core/kernel/present.ts";
import { requestId } from "#core/kernel/request-id.ts";
import { madeOf, type InForce } from "#features/configuration/index.ts";
import {
  Notifier,
  notifierLeaseMs,
  postgresNotificationStore,
  type Addressee,
  type ExperimentResults,
  type ExperimentService,
  type NotificationEvent,
} from "#features/experiments/index.ts";
import { ownLease, postgresLease } from "#features/gateway/index.ts";

/** Other times than the usual ones, ms. */
export interface NotificationTimes {
  /** How often is looked whether something is to be told. */
  readonly roundMs?: number;
  /** How often verdicts are looked at, whatever the configuration says. */
  readonly everyMs?: number;
}

/** What telling is started over. */
interface NotificationOptions extends NotificationTimes {
  readonly database: Database;
  readonly inForce: () => InForce;
  readonly service: ExperimentService;
  readonly results: ExperimentResults;
  readonly logger: Logger;
}

/** Starts to tell addresses of the configuration what becomes of experiments. */
export function startNotifications(options: NotificationOptions): AsyncDisposable {
  const { database, inForce, service, results, logger, roundMs, everyMs } = options;
  const upstream = new UndiciUpstream();
  const holder = requestId(systemClock.nowMs(), systemRandom.bytes(10));
  const notifier = new Notifier({
    // Addresses are told over connections of their own: what a provider may be sent is none of their matter.
    upstream,
    timers: systemTimers,
    clock: systemClock,
    random: systemRandom,
    store: postgresNotificationStore(database.kysely),
    addressees: madeOf(inForce, (now) => addresseesOf(now, everyMs)),
    service,
    read: (experiment) => results.read(experiment),
    // The embedded database has one process only.
    lease:
      database.kind === "pglite"
        ? ownLease
        : postgresLease(database.kysely, { name: "notifier", holder, lifetimeMs: notifierLeaseMs }),
    onEvent: (event) => tell(logger, event),
    ...(roundMs !== undefined && { roundMs }),
  });
  notifier.start();
  return {
    async [Symbol.asyncDispose]() {
      await notifier.stop();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

function addresseesOf(
  { loaded: { configuration, notificationSecrets } }: InForce,
  everyMs: number | undefined,
): ReadonlyMap<string, Addressee> {
  return new Map(
    [...configuration.notifications].flatMap(([name, target]) => {
      const secret = notificationSecrets.get(name);
      return secret ? [[name, { target: { ...target, ...present({ everyMs }) }, secret }] as const] : [];
    }),
  );
}

function tell(logger: Logger, { kind, ...facts }: NotificationEvent): void {
  if ("error" in facts) {
    const { error, ...rest } = facts;
    logger.warn({ err: error, ...rest }, kind);
  } else logger.warn(facts, kind);
}
