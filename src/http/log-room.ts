import { AppError } from "#core/kernel/app-error.ts";

/** Whether the request log can take what a new request uses, or the configuration says to serve without. */
export type LogAccepts = () => boolean;

/** Refuses what could not be written down, before anything is spent on it. @throws AppError log-full */
export function assertLogRoom(logAccepts: LogAccepts): void {
  if (logAccepts()) return;
  throw new AppError(
    "log-full",
    "Cannot serve the request: room in the request log is wanted, there is none; /readyz tells why",
    { retryable: true },
  );
}
