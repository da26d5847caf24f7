import type { MeasuredRequest } from "./metrics-port.ts";
import type { TallyCounter } from "./tally.ts";

/** What is counted of the ladder below an answer as it was decided. */
export interface LadderMeters {
  readonly degraded: TallyCounter;
  readonly forcedChoices: TallyCounter;
}

/** Counts the step that answered in place of what was decided, or the refusal that came in the end, and forced choices. */
export function countLadder(
  { degraded, forcedChoices }: LadderMeters,
  { outcome, status, decision, attempts }: MeasuredRequest,
  bound: (label: string, value: string) => string,
): void {
  const step = decision?.degraded ?? (isRefusal(outcome, status) ? "refused" : undefined);
  if (decision && step !== undefined) {
    degraded.series({ route: bound("route", decision.route), step }).value += 1;
  }
  for (const { chosen, deployment } of attempts) {
    if (chosen === undefined) continue;
    forcedChoices.series({ deployment: bound("deployment", deployment), why: chosen }).value += 1;
  }
}

/** Whether an error stands in for an answer, and is not the client's own fault. A stream that broke off had status 200. */
function isRefusal(outcome: string, status: number): boolean {
  return outcome === "failed" && (status === 429 || status >= 500);
}
