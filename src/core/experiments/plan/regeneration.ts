/** How soon a question has to come again for its answer to count as one that was not wanted, ms. */
export const regenerationWindowMs = 600_000;

/** A request by what it asks. */
export interface AskedOnce {
  readonly id: string;
  /** ms since 1970, as the other. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Whether the client got a whole answer. */
  readonly isAnswered: boolean;
}

/**
 * Whether somebody wanted another answer than the one that a request got: it was answered, and the same question came again
 * after that, within `regenerationWindowMs`. What is asked again before the answer is there, or because there was none, is a
 * second try and tells nothing of an answer. A request counts once, however often its question comes again.
 * @param same all requests with the question, by the same asker at the same place of the same conversation
 */
export function isRegenerated(one: AskedOnce, same: readonly AskedOnce[]): boolean {
  if (!one.isAnswered) return false;
  return same.some(({ id, startedAtMs }) => {
    const afterMs = startedAtMs - one.endedAtMs;
    return id !== one.id && afterMs >= 0 && afterMs <= regenerationWindowMs;
  });
}
