/** How the load generator itself fared in a run. */
export interface GeneratorHealth {
  /** 99th percentile of the schedule lag, ms; absent where no request was measured. */
  readonly scheduleLagMsP99?: number;
  /** 99th percentile of how late timers of the process were, ms; absent where it is not known. */
  readonly eventLoopDelayMsP99?: number;
  /** Requests per second that were wanted at most, of all targets; absent in a closed loop. */
  readonly rateMax?: number;
  /** Requests that were given up, since more waited than may. */
  readonly droppedRequests: number;
  /** Requests that were measured. */
  readonly measuredRequests: number;
}

/** Latest that requests may leave, ms, p99; between few requests a hundredth of the gap between them where that is more. */
export const scheduleLagMsMax = 5;
/** Latest that the event loop may be, ms, p99: every moment that is noted may be off by so much. */
export const eventLoopDelayMsMax = 10;

/**
 * Why a run must not be believed: what was measured is the load generator, not the server. Empty for a valid run. A run in
 * which nothing was measured is invalid as well.
 */
export function invalidReasons(health: GeneratorHealth): readonly string[] {
  const { scheduleLagMsP99 = 0, eventLoopDelayMsP99 = 0, droppedRequests, measuredRequests } = health;
  const lagMsMax = Math.max(scheduleLagMsMax, health.rateMax === undefined ? 0 : 10 / health.rateMax);
  const reasons: string[] = [];
  if (measuredRequests === 0) reasons.push("no request was measured");
  if (scheduleLagMsP99 > lagMsMax)
    reasons.push(
      `requests left too late: schedule lag p99 ${text(scheduleLagMsP99)}, at most ${text(lagMsMax)} is wanted`,
    );
  if (eventLoopDelayMsP99 > eventLoopDelayMsMax)
    reasons.push(
      `the load generator was starved: event-loop delay p99 ${text(eventLoopDelayMsP99)}, at most ${text(eventLoopDelayMsMax)} is wanted`,
    );
  if (droppedRequests > 0)
    reasons.push(`${droppedRequests} requests were given up: more waited for their start than may`);
  return reasons;
}

function text(ms: number): string {
  return `${Number(ms.toPrecision(3))} ms`;
}
