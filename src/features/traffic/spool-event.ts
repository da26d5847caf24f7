import type { SpoolReport } from "#adapters/spool/spool-port.ts";
import type { LogEvent } from "./log-event.ts";

/** What the spool reports, as an event of the log. */
export function spoolEvent({ kind, ...facts }: SpoolReport): LogEvent {
  return { kind: `spool-${kind}`, ...facts };
}
