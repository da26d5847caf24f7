import { AppError, type ErrorCode } from "#core/kernel/app-error.ts";
import { appErrorOf } from "#http/problem.ts";

const bytesPerMebibyte = 1024 * 1024;

/** What Fastify itself throws, in our words. Its own messages are not passed on: some quote the input. */
const fastifyErrors: ReadonlyMap<string, (bodyBytesMax: number) => AppError> = new Map([
  ["FST_ERR_CTP_BODY_TOO_LARGE", bodyTooLarge],
  ["FST_ERR_CTP_INVALID_MEDIA_TYPE", unsupportedType],
  [
    "FST_ERR_CTP_INVALID_CONTENT_LENGTH",
    () =>
      new AppError(
        "invalid-request",
        "Cannot read the request body: it is not as long as content-length says",
      ),
  ],
  [
    "FST_ERR_BAD_URL",
    () => new AppError("invalid-request", "Cannot read the path: its percent-encoding is malformed"),
  ],
  [
    "FST_ERR_MAX_PARAM_LENGTH",
    () => new AppError("not-found", "Cannot find the path: a part of it is too long"),
  ],
]);

/**
 * The error of ours that something thrown inside Fastify counts as.
 * @param bodyBytesMax what the endpoint takes
 */
export function controlPlaneError(thrown: unknown, bodyBytesMax: number): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string") {
    const known = fastifyErrors.get(thrown.code);
    if (known) return known(bodyBytesMax);
  }
  return appErrorOf(thrown);
}

/** The error of a body of more bytes than an endpoint takes. */
export function bodyTooLarge(bytesMax: number): AppError {
  return new AppError(
    "payload-too-large",
    `Cannot read the request body: at most ${bytesMax / bytesPerMebibyte} MiB is wanted, it is larger`,
  );
}

/** The error of a body of another type than an endpoint takes. */
export function unsupportedType(): AppError {
  return new AppError(
    "unsupported-media-type",
    "Cannot read the request body: content-type application/json is wanted, it is another",
  );
}

const providerFailures: ReadonlySet<ErrorCode> = new Set([
  "upstream-failed",
  "upstream-timeout",
  "unparsable-answer",
  "overloaded",
  "rate-limited",
  "no-deployment-available",
]);

/**
 * Whether a provider failed rather than Signalbox. Its words may quote what it was asked, thus content: the log gets
 * the code, the request's record the rest.
 */
export function isProviderFailure(code: ErrorCode): boolean {
  return providerFailures.has(code);
}
