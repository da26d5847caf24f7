import type { JsonObject } from "./json.ts";

/** Status names of google.rpc.Code that the Gemini API answers with, by HTTP status. */
const statusNames: ReadonlyMap<number, string> = new Map([
  [400, "INVALID_ARGUMENT"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [404, "NOT_FOUND"],
  [405, "UNIMPLEMENTED"],
  [409, "ABORTED"],
  [413, "INVALID_ARGUMENT"],
  [429, "RESOURCE_EXHAUSTED"],
  [499, "CANCELLED"],
  [500, "INTERNAL"],
  [501, "UNIMPLEMENTED"],
  [503, "UNAVAILABLE"],
  [504, "DEADLINE_EXCEEDED"],
]);

/** What a failure may carry beside its HTTP status and message. */
export interface FailureExtras {
  /** google.rpc.Code name when it is not the usual one of the HTTP status (FAILED_PRECONDITION). */
  readonly status?: string;
  /** google.rpc error details, each with its "@type". */
  readonly details?: readonly JsonObject[];
  /** Extra response headers, such as retry-after. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of the emulated API that is an error. Thrown inside a request, turned into a body by the dialect. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly code: number;
  readonly status: string;
  readonly details: readonly JsonObject[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: number, message: string, extras: FailureExtras = {}) {
    super(message);
    this.code = code;
    this.status = extras.status ?? statusNames.get(code) ?? "UNKNOWN";
    this.details = extras.details ?? [];
    this.headers = extras.headers ?? {};
  }
}

/** The body of a Google API error: {error: {code, message, status, details}}. */
export function googleErrorBody(failure: ApiFailure): JsonObject {
  const { code, message, status, details } = failure;
  return { error: details.length === 0 ? { code, message, status } : { code, message, status, details } };
}

/** A 400 INVALID_ARGUMENT without details, as the API gives for broken request rules. */
export function invalidArgument(message: string): ApiFailure {
  return new ApiFailure(400, message);
}
