/** Every way in which something of ours can fail. Closed: `http/problem.ts` maps each to a status. */
export type ErrorCode =
  | "invalid-request"
  | "invalid-configuration"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "previous-response-not-found"
  | "method-not-allowed"
  | "conflict"
  | "expired"
  | "payload-too-large"
  | "unsupported-media-type"
  | "unsupported-feature"
  | "rate-limited"
  | "overloaded"
  | "no-deployment-available"
  | "upstream-failed"
  | "upstream-timeout"
  | "unparsable-answer"
  | "limit-exceeded"
  | "client-closed"
  | "store-unavailable"
  | "store-locked"
  | "log-full"
  | "shutting-down"
  | "internal";

/** A failure of the outside world or of a request, with a code that decides what the client is told. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** Path of the field at fault, where one is. */
  readonly field?: string;

  /**
   * @param code which failure this is
   * @param message action, thing, wanted and actual state; never content or keys
   * @param options.retryable whether the same call may succeed later (default false)
   * @param options.field path of the field at fault
   * @param options.cause what led to it
   */
  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly field?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    if (options.field !== undefined) this.field = options.field;
  }
}
