import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";

/** What is known of an error answer. */
export interface ErrorFacts {
  /** HTTP status; absent where the error came inside a stream. LangChain decides by it whether to try again. */
  readonly status?: number;
  /** Signalbox's code word, e.g. `rate_limit_exceeded`. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What lies behind it: a connection that broke, as a rule. */
  readonly cause?: unknown;
}

/** Statuses after which the same call may succeed a little later (RFC 9110; 425 is RFC 8470). */
const retryableStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Codes of the same meaning, for errors inside a stream, which have no status. */
const retryableCodes: ReadonlySet<string> = new Set([
  "rate_limit_exceeded",
  "overloaded",
  "no_deployment_available",
  "upstream_failed",
  "upstream_timeout",
  "shutting_down",
  "connection_failed",
  "answer_not_whole",
]);

/** Signalbox answered with an error, its answer is not whole, or it cannot be reached. Holds no content of the conversation. */
export class SignalboxError extends Error {
  override readonly name = "SignalboxError";
  readonly status?: number;
  /** Signalbox's code word; `connection_failed` and `answer_not_whole` are given on this side of the connection. */
  readonly code?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The request's id, to find it in the request log. */
  readonly requestId?: string;
  /** Whether the same call may succeed a little later. */
  readonly retryable: boolean;
  /** How long Signalbox asks to wait before that, ms; absent where it does not say. */
  readonly retryAfterMs?: number;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.headers = facts.headers ?? {};
    this.retryable = isRetryable(facts);
    const requestId = this.headers["x-signalbox-request-id"];
    const retryAfterMs = waitAsked(this.headers["retry-after"]);
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.code !== undefined) this.code = facts.code;
    if (requestId !== undefined) this.requestId = requestId;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

function isRetryable({ status, code }: ErrorFacts): boolean {
  if (status !== undefined && (status < 200 || status > 299)) return retryableStatuses.has(status);
  return code !== undefined && retryableCodes.has(code);
}

/** Signalbox writes whole seconds. */
function waitAsked(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined;
}

/** The error that an `{error: {message, code}}` body or frame tells; undefined when `body` is none. */
export function errorIn(body: JsonObject, facts: Omit<ErrorFacts, "code"> = {}): SignalboxError | undefined {
  const error = body["error"];
  if (!isJsonObject(error)) return undefined;
  const { message, code } = error;
  return new SignalboxError(typeof message === "string" ? message : "Signalbox answered with an error", {
    ...facts,
    ...(typeof code === "string" && { code }),
  });
}
