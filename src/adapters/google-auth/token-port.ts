import type { Secret } from "#core/kernel/secret.ts";

/** A token that calls are made with, and until when. */
export interface AccessToken {
  readonly token: Secret;
  /** Wall-clock time when it ends, ms since 1970. */
  readonly expiresAtMs: number;
}

/** Where tokens come from. */
export interface TokenSource {
  /**
   * Asks for a token; may give one that was given before while that is far from its end.
   * @throws AppError with a message that holds no secret
   */
  fetch(): Promise<AccessToken>;
}
