import type { LogConfiguration } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
import { logDefaults, logSchema, type LogSettings } from "./schema/log.ts";

/** Reads `log`; where nothing (or nothing right) is written, the defaults. */
export function resolveLog(isWritten: boolean, problems: ProblemList): LogConfiguration {
  const settings = isWritten ? problems.read(["log"], logSchema) : undefined;
  return resolved(settings ?? logDefaults);
}

function resolved({ store, spool, when_full, retention, redact }: LogSettings): LogConfiguration {
  return {
    store,
    spoolBytesMax: spool.size,
    whenFull: when_full,
    rowsRetentionMs: retention.rows,
    contentRetentionMs: retention.content,
    experimentsRetentionMs: retention.experiments,
    redaction: {
      detect: redact.detect,
      patterns: redact.patterns,
      ...(redact.hook !== undefined && { hook: redact.hook }),
    },
  };
}
