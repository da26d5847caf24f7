/** Everything that goes wrong at a provider. */
export const faults = [
  /** No connection, said at once. */
  "connect",
  /** No connection, and nobody says so. */
  "connect-hangs",
  /** The connection breaks before an answer. */
  "reset-before",
  /** The connection breaks within the answer. */
  "reset-after",
  /** 429 that says when to come back: `retry-after`, or RetryInfo in the body. */
  "rate-limited",
  /** 429 that says nothing of when. */
  "rate-limited-bare",
  /** 429 of a daily quota. */
  "quota-day",
  /** 429 of a quota of 0. */
  "quota-zero",
  /** 503. */
  "overloaded",
  /** 500. */
  "server-error",
  /** 401. */
  "credential",
  /** 404. */
  "model-gone",
  /** 400: the request is at fault. */
  "invalid",
  /** The answer was blocked: 200 with a finish reason that says so. The provider is well. */
  "blocked",
  /** The stream begins and shows nothing ever. */
  "stall-before",
  /** The stream lives on comments and empty deltas and shows nothing ever. */
  "keep-alive",
  /** The stream shows something and then nothing more. */
  "stall-after",
  /** The same, with comments and empty deltas on. */
  "keep-alive-after",
  /** The answer ends before there was anything in it. */
  "cut-before",
  /** The answer ends without a finish reason. */
  "cut",
  /** The stream says itself, within the answer, that it failed. */
  "error-frame",
  /** The page of a proxy in place of an answer. */
  "malformed",
  /** The first token comes, ten times later than it should. */
  "slow-first-token",
] as const;

/** One of them. */
export type Fault = (typeof faults)[number];
