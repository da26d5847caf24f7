import { AppError } from "#core/kernel/app-error.ts";
import { appErrorOf } from "#http/problem.ts";

/** What Fastify itself throws, in our words. Its own messages are not passed on: some quote the input. */
const fastifyErrors: ReadonlyMap<string, () => AppError> = new Map([
  [
    "FST_ERR_CTP_BODY_TOO_LARGE",
    () =>
      new AppError(
        "payload-too-large",
        "Cannot read the request body: at most 1 MiB is wanted, it is larger",
      ),
  ],
  [
    "FST_ERR_CTP_INVALID_MEDIA_TYPE",
    () =>
      new AppError(
        "unsupported-media-type",
        "Cannot read the request body: content-type application/json is wanted, it is another",
      ),
  ],
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

/** The error of ours that something thrown inside Fastify counts as. */
export function controlPlaneError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string") {
    const known = fastifyErrors.get(thrown.code);
    if (known) return known();
  }
  return appErrorOf(thrown);
}
