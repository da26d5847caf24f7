import type { JsonObject } from "#core/kernel/json.ts";
import { isJsonObject } from "#core/kernel/json.ts";

/** What is known of an error answer. */
export interface ErrorFacts {
  /** HTTP status; absent where the error came inside a stream. LangChain decides by it whether to try again. */
  readonly status?: number;
  /** Signalbox's code word, e.g. `rate_limit_exceeded`. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signalbox answered with an error, or its answer is not whole. Holds no content of the conversation. */
export class SignalboxError extends Error {
  override readonly name = "SignalboxError";
  readonly status?: number;
  readonly code?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The request's id, to find it in the request log. */
  readonly requestId?: string;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message);
    this.headers = facts.headers ?? {};
    const requestId = this.headers["x-signalbox-request-id"];
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.code !== undefined) this.code = facts.code;
    if (requestId !== undefined) this.requestId = requestId;
  }
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
