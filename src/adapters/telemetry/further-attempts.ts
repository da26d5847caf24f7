import type { MeasuredAttempt } from "./metrics-port.ts";
import type { TallyCounter } from "./tally.ts";

/** What is counted of attempts beyond the first. */
export interface FurtherAttemptMeters {
  readonly retries: TallyCounter;
  readonly fallbacks: TallyCounter;
  readonly hedges: TallyCounter;
  readonly continuations: TallyCounter;
  readonly resumptions: TallyCounter;
}

/** Times of a record are rounded: an attempt that follows at once may seem to begin this much before the end, ms. */
const roundingMs = 0.01;

/**
 * Counts each attempt beyond the first of a request: for more of the answer, going on with a stream that broke, beside one
 * under way, at the same deployment again, or elsewhere.
 */
export function countFurtherAttempts(
  meters: FurtherAttemptMeters,
  attempts: readonly MeasuredAttempt[],
  bound: (label: string, value: string) => string,
): void {
  for (let at = 1; at < attempts.length; at += 1) {
    const [before, attempt] = [attempts[at - 1], attempts[at]];
    if (before && attempt) countAfter(meters, { before, attempt }, bound);
  }
}

function countAfter(
  { hedges, retries, fallbacks, continuations, resumptions }: FurtherAttemptMeters,
  { before, attempt }: { readonly before: MeasuredAttempt; readonly attempt: MeasuredAttempt },
  bound: (label: string, value: string) => string,
): void {
  const reason = before.failure ?? "none";
  const [from, to] = [bound("deployment", before.deployment), bound("deployment", attempt.deployment)];
  if (attempt.continues) continuations.series({ deployment: to }).value += 1;
  else if (attempt.resumes) resumptions.series({ from, to, reason }).value += 1;
  else if (attempt.startedMs + roundingMs < before.startedMs + before.totalMs) hedges.series({}).value += 1;
  else if (before.deployment === attempt.deployment) retries.series({ reason }).value += 1;
  else fallbacks.series({ from, to, reason }).value += 1;
}
