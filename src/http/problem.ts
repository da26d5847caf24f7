import type { ErrorForClient } from "#core/dialects/dialect.ts";
import { AppError, type ErrorCode } from "#core/kernel/app-error.ts";
import { InvalidConfigurationError } from "#features/configuration/index.ts";

/** One value of a request that is not as it should be. */
export interface FieldProblem {
  /** Where it is: `query.limit`, `body.name`. */
  readonly field: string;
  /** What was wanted, in words. */
  readonly wanted: string;
  /** What came, by its kind only: a value could be content. */
  readonly actual: string;
  /** The file that it is in, where a text was put together from several. */
  readonly file?: string;
  /** Where it stands in a text, from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** An error answer of the control plane, RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly request_id: string;
  readonly retryable: boolean;
  readonly errors?: readonly FieldProblem[];
}

/** A request whose values are not as its endpoint wants them. */
export class InvalidFieldsError extends AppError {
  readonly fields: readonly FieldProblem[];

  constructor(message: string, fields: readonly FieldProblem[]) {
    super("invalid-request", message);
    this.fields = fields;
  }
}

/** The only map from what failed to an HTTP status. */
const statuses: Readonly<Record<ErrorCode, number>> = {
  "invalid-request": 400,
  "unsupported-feature": 400,
  "previous-response-not-found": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  "method-not-allowed": 405,
  conflict: 409,
  expired: 410,
  "payload-too-large": 413,
  "unsupported-media-type": 415,
  "invalid-configuration": 422,
  "limit-exceeded": 422,
  "rate-limited": 429,
  // Nginx's word for a client that closed its request; nobody is left to read it, the log is.
  "client-closed": 499,
  internal: 500,
  "upstream-failed": 502,
  "unparsable-answer": 502,
  overloaded: 503,
  "no-deployment-available": 503,
  "store-unavailable": 503,
  "store-locked": 503,
  "log-full": 503,
  "shutting-down": 503,
  "upstream-timeout": 504,
};

const titles: Readonly<Record<ErrorCode, string>> = {
  "invalid-request": "Invalid request",
  "unsupported-feature": "Unsupported feature",
  unauthenticated: "A key is needed",
  forbidden: "Not allowed with this key",
  "not-found": "Not found",
  "previous-response-not-found": "Previous response not found",
  "method-not-allowed": "Method not allowed",
  conflict: "Conflict",
  expired: "Too late",
  "payload-too-large": "Request body too large",
  "unsupported-media-type": "Unsupported media type",
  "invalid-configuration": "Invalid configuration",
  "rate-limited": "Rate limit reached",
  "client-closed": "The client went away",
  internal: "Internal error",
  "upstream-failed": "The provider failed",
  overloaded: "Overloaded",
  "no-deployment-available": "No deployment available",
  "store-unavailable": "The store is unavailable",
  "store-locked": "The store is in use by another process",
  "log-full": "The request log is full",
  "shutting-down": "Shutting down",
  "upstream-timeout": "The provider took too long",
  "unparsable-answer": "The model's answer has not the wanted form",
  "limit-exceeded": "A limit of the chain is reached",
};

/** The HTTP status of an error code. */
export function statusOf(code: ErrorCode): number {
  return statuses[code];
}

/** One of our errors as a dialect tells it. */
export function errorForClient({ code, message, field }: AppError, requestId: string): ErrorForClient {
  return { status: statusOf(code), code, message, requestId, ...(field !== undefined && { field }) };
}

/** The error an unknown throw counts as: one of ours as it is, anything else an internal error that tells nothing. */
export function appErrorOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError("internal", "Cannot answer the request: an internal error", { cause: thrown });
}

/**
 * The answer for something thrown while a request was served. A status of 500 and above tells its title and the
 * request's id only: what went wrong inside stands in the log under that id.
 */
export function problemOf(thrown: unknown, requestId: string): Problem {
  const error = appErrorOf(thrown);
  const fields = fieldsOf(error);
  return problem(error.code, error.message, requestId, {
    retryable: error.retryable,
    ...(fields && { fields }),
  });
}

function fieldsOf(error: AppError): readonly FieldProblem[] | undefined {
  if (error instanceof InvalidFieldsError) return error.fields;
  if (!(error instanceof InvalidConfigurationError)) return undefined;
  return error.problems.map(({ keyPath, wanted, actual, file, line, column }) => ({
    field: keyPath === "" ? "text" : keyPath,
    wanted,
    actual,
    ...(file !== undefined && { file }),
    line,
    column,
  }));
}

/** Makes a problem from its parts. */
export function problem(
  code: ErrorCode,
  detail: string,
  requestId: string,
  options: { readonly retryable?: boolean; readonly fields?: readonly FieldProblem[] } = {},
): Problem {
  const status = statuses[code];
  return {
    type: `urn:signalbox:problem:${code}`,
    title: titles[code],
    status,
    detail: status >= 500 ? `${titles[code]}; the log tells more under request ${requestId}` : detail,
    code,
    request_id: requestId,
    retryable: options.retryable ?? false,
    ...(options.fields && { errors: options.fields }),
  };
}
