import type { JsonObject } from "#core/kernel/json.ts";

/** What a call came to. */
export type ModelReply =
  | {
      readonly kind: "answered";
      readonly body: JsonObject;
      readonly headers: Readonly<Record<string, string>>;
      /** From sending to the last byte, ms. */
      readonly latencyMs: number;
    }
  | FailedReply;

/** No answer, and why. */
export interface FailedReply {
  readonly kind: "failed";
  /** The server's own code where it gives one, else `status-<number>`, `unreachable`, `timeout`, `unreadable` or `stopped`. */
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  /** Whether the same call may succeed a little later. */
  readonly retryable: boolean;
  /** Whether it was refused because there are too many calls. */
  readonly overload: boolean;
  /** How long the server asks to wait, ms. */
  readonly waitMs?: number;
}
