import { AppError } from "#core/kernel/app-error.ts";
import type { Timers } from "#core/kernel/timers.ts";

/** How long the store may take to answer a ping, ms: probes usually give up after 1 to 3 s. */
const pingTimeoutMs = 800;

/** Where readiness is read from. */
export interface ReadinessSources {
  /** Version of the configuration in force; undefined while there is none. */
  configurationVersion(): string | undefined;
  /** Resolves when the store answers a cheap query; rejects when it cannot. */
  pingStore(): Promise<void>;
  /** How many deployments could be called now. Read from memory, never by a call. */
  usableDeployments(): number;
  /** False from the moment a shutdown begins. */
  accepting(): boolean;
  /** Whether the request log takes what new requests use, and why it has no room, where it has none. */
  log(): { readonly accepting: boolean; readonly full: string | undefined };
}

/** One check. */
interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Whether traffic may be sent here, and why not. */
export interface Readiness {
  readonly status: "ready" | "not-ready";
  readonly checks: readonly ReadinessCheck[];
}

/** Runs every check, so that one answer tells all that is wrong. */
export async function readiness(sources: ReadinessSources, timers: Timers): Promise<Readiness> {
  const version = sources.configurationVersion();
  const deployments = sources.usableDeployments();
  const accepting = sources.accepting();
  const log = sources.log();
  const checks: readonly ReadinessCheck[] = [
    {
      name: "configuration",
      ok: version !== undefined,
      detail: version ? `version ${version}` : "none is loaded",
    },
    await storeCheck(sources, timers),
    { name: "deployments", ok: deployments > 0, detail: `${deployments} usable` },
    { name: "accepting", ok: accepting, detail: accepting ? "takes requests" : "is shutting down" },
    {
      name: "request-log",
      ok: log.accepting,
      detail: log.full === undefined ? "has room" : log.accepting ? `${log.full}: serves on` : log.full,
    },
  ];
  return { status: checks.every(({ ok }) => ok) ? "ready" : "not-ready", checks };
}

/** The store's own error text may name hosts and users: the probe tells its code only. */
async function storeCheck(sources: ReadinessSources, timers: Timers): Promise<ReadinessCheck> {
  try {
    await withinTimeout(sources.pingStore(), timers);
    return { name: "store", ok: true, detail: "answers" };
  } catch (error) {
    const detail = error instanceof AppError ? error.code : "store-unavailable";
    return { name: "store", ok: false, detail };
  }
}

function withinTimeout(ping: Promise<void>, timers: Timers): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = timers.after(pingTimeoutMs, () =>
      reject(
        new AppError(
          "store-unavailable",
          `Cannot ping the store: an answer within ${pingTimeoutMs} ms is wanted, none came`,
        ),
      ),
    );
    ping.then(resolve, reject).finally(() => timer.cancel());
  });
}
