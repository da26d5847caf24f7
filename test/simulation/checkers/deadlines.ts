import type { CallTrace, History, RequestTrace } from "../history.ts";
import type { Checker } from "./checker.ts";

/** How long after its deadline a request may take to be over, ms: the gateway needs no time in here. */
const slackMs = 1;
/** Invariant: a client that goes away cancels its call within that time, ms. */
const cancelMsMax = 100;

/** When a request must be over, ms. */
export function deadlineOf({ scenario }: History, { plan }: RequestTrace): number {
  return plan.atMs + Math.min(scenario.route.deadlines.totalMs, plan.deadlineMs ?? Number.POSITIVE_INFINITY);
}

/** When the gateway stopped caring for a call, ms; undefined while it does. */
export function closedMs({ abortedMs, endedMs }: CallTrace): number | undefined {
  return abortedMs ?? endedMs;
}

/** Nothing is thrown. */
export const nothingThrown: Checker = {
  fact: "nothing is thrown to where nobody catches it",
  violations: ({ crashes }) => crashes,
};

/** Nothing hangs. */
export const insideDeadline: Checker = {
  fact: "every request is over by its deadline, makes no call after it, and leaves neither call nor timer behind",
  violations(history) {
    const late = history.requests.flatMap((request) => overdue(history, request));
    const timers = history.timersLeft === 0 ? [] : [`${history.timersLeft} timers wait when all is over`];
    return [...late, ...timers];
  },
};

function overdue(history: History, request: RequestTrace): readonly string[] {
  const { plan, settledMs, calls } = request;
  const dueMs = deadlineOf(history, request);
  if (settledMs === undefined) return [`request ${plan.number} is never over`];
  const found: string[] = [];
  if (settledMs > dueMs + slackMs)
    found.push(`request ${plan.number} is over ${settledMs - dueMs} ms after its deadline`);
  for (const call of calls) {
    if (call.startedMs >= dueMs)
      found.push(`call ${call.number} of request ${plan.number} begins after its deadline`);
    if ((closedMs(call) ?? Number.POSITIVE_INFINITY) > settledMs + slackMs)
      found.push(`call ${call.number} goes on after its request ${plan.number} is over`);
  }
  return found;
}

/** Only content counts for the deadlines of streams. */
export const contentDeadlines: Checker = {
  fact: "a stream that shows nothing for the first-token or the idle deadline is given up, whatever else it sends",
  violations: (history) =>
    history.requests
      .filter(({ plan }) => plan.stream && plan.readsSlowlyMs === undefined)
      .flatMap(({ calls }) => calls.flatMap((call) => unshown(history, call))),
};

function unshown({ scenario }: History, call: CallTrace): readonly string[] {
  const { firstTokenMs, idleMs } = scenario.route.deadlines;
  const endMs = closedMs(call) ?? Number.POSITIVE_INFINITY;
  const moments = [...call.wordTimesMs.filter((atMs) => atMs <= endMs), endMs];
  let sinceMs = call.startedMs;
  let allowedMs = firstTokenMs;
  for (const atMs of moments) {
    if (atMs - sinceMs > allowedMs + slackMs)
      return [
        `call ${call.number} to ${call.deployment} showed nothing for ${atMs - sinceMs} ms of ${allowedMs}`,
      ];
    sinceMs = atMs;
    allowedMs = idleMs;
  }
  return [];
}

/** Invariant: a client that goes away cancels its call to the provider. */
export const clientGone: Checker = {
  fact: `a client that goes away cancels its calls within ${cancelMsMax} ms, and none is made for it any more`,
  violations: ({ requests }) => requests.flatMap(uncancelled),
};

function uncancelled({ plan, leftMs, calls }: RequestTrace): readonly string[] {
  if (leftMs === undefined) return [];
  return calls.flatMap((call) => {
    if (call.startedMs > leftMs)
      return [`call ${call.number} is made for request ${plan.number}, whose client is gone`];
    const endMs = closedMs(call) ?? Number.POSITIVE_INFINITY;
    return endMs > leftMs + cancelMsMax
      ? [
          `call ${call.number} goes on for ${endMs - leftMs} ms after the client of request ${plan.number} is gone`,
        ]
      : [];
  });
}
