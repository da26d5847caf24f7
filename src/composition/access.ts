import { join } from "node:path";
import type { Database } from "#adapters/postgres/database-port.ts";
import { secretFile } from "#adapters/system/secret-file.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { Access, isLoopback, Pepper, postgresKeyStore } from "#features/access/index.ts";
import type { Logger } from "pino";

/** What access is started with. */
export interface AccessOptions {
  readonly host: string;
  readonly adminKey: string | undefined;
  readonly pepper: Pepper;
  readonly database: Database;
  readonly logger: Logger;
}

/** The installation's own secret, from the data directory. */
export function readPepper(dataDirectory: string): Pepper {
  return new Pepper(secretFile(join(dataDirectory, "pepper"), systemRandom));
}

/**
 * Starts access over the database's keys.
 * @throws AppError when the address is not this machine's own and no key protects it
 */
export async function startAccess(options: AccessOptions): Promise<Access> {
  const { host, adminKey, database, logger } = options;
  const access = await Access.start({
    store: postgresKeyStore(database.kysely),
    pepper: options.pepper,
    clock: systemClock,
    random: systemRandom,
    timers: systemTimers,
    adminKey,
    loopback: isLoopback(host),
    onEvent: ({ kind, ...facts }) => logger.warn(facts, kind),
  });
  const refusal = access.startRefusal(host);
  if (refusal === undefined) return access;
  await access.close();
  throw refusal;
}
