import { pino, type DestinationStream, type Logger } from "pino";
import { loggableError } from "./loggable-error.ts";
import { redact } from "./redact.ts";

/** How much is logged. */
export type LogLevel = "silent" | "error" | "warn" | "info" | "debug";

/** Headers and fields that hold keys, wherever an object that is logged carries them. */
const secretPaths = [
  "authorization",
  "x-goog-api-key",
  "x-api-key",
  "api_key",
  "apiKey",
  "key",
  "secret",
  "password",
  "cookie",
].flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);

/**
 * Makes the log: one JSON object a line, to standard error so that commands keep standard output for their answer.
 * Never holds content or keys: errors are written by `loggableError`, fields that hold keys are blanked, and each
 * line passes `redact` last.
 */
export function createLogger(options: {
  readonly level: LogLevel;
  readonly destination?: DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: "[redacted]" },
      serializers: { err: loggableError, error: loggableError, req: loggableRequest, res: () => undefined },
      hooks: { streamWrite: redact },
    },
    options.destination ?? pino.destination({ dest: 2, sync: false }),
  );
}

/** A request as a line of the log tells it: no query and no headers, for a key can stand in both. */
function loggableRequest(request: unknown): unknown {
  if (typeof request !== "object" || request === null) return undefined;
  const method: unknown = Reflect.get(request, "method");
  const url: unknown = Reflect.get(request, "url");
  return { method, path: typeof url === "string" ? url.split("?", 1)[0] : undefined };
}
