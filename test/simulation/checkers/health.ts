import { asked, type BreakerChange, type CallTrace, type History, type RequestTrace } from "../history.ts";
import { steadyFromMs } from "../world/draw-scenario.ts";
import { Availability } from "./availability.ts";
import type { Checker } from "./checker.ts";
import { closedMs, deadlineOf } from "./deadlines.ts";

/** Calls that may run at once to find out whether a deployment is well again. */
const probesMax = 3;
/** A first token that comes later than this may count against a deployment, ms. */
const slowMsMin = 5_000;

/** Nobody asks a deployment before the time that it told is over. */
export const cooledUnasked: Checker = {
  fact: "a deployment that asked for time is not asked before that is over, unless half of its pool is away",
  violations: (history) => {
    const availability = new Availability(history);
    return asked(history).flatMap(([request, call]) => {
      const untilMs = availability.coolsUntilMs(call.deployment, call.startedMs);
      if (untilMs <= call.startedMs || availability.mayPanic(request, call)) return [];
      const earlyMs = Math.round(untilMs - call.startedMs);
      return [
        `request ${request.plan.number} was sent to ${call.deployment} (call ${call.number}) ${earlyMs} ms too early`,
      ];
    });
  },
};

/** A breaker keeps requests away, but for a few that find out. */
export const breakersHold: Checker = {
  fact: `an open breaker lets nobody through, a half-open one ${probesMax} at once, unless half of its pool is away`,
  violations: (history) => {
    const availability = new Availability(history);
    // Those that panic sent are no probes.
    const sober = asked(history).filter(([request, call]) => !availability.mayPanic(request, call));
    const calls = sober.map(([, call]) => call);
    return sober.flatMap(([request, call]) => {
      const broken = brokenThrough(calls, availability, call);
      return broken === undefined
        ? []
        : [`request ${request.plan.number} was sent to ${call.deployment} (call ${call.number}), ${broken}`];
    });
  },
};

function brokenThrough(
  calls: readonly CallTrace[],
  availability: Availability,
  call: CallTrace,
): string | undefined {
  const { deployment, startedMs } = call;
  const change = availability.breaker(deployment, startedMs);
  if (change?.state === "open" && startedMs < change.openUntilMs) return `whose breaker is open`;
  if (change?.state !== "half-open") return undefined;
  const probes = calls.filter(
    (other) =>
      other.deployment === deployment &&
      other.startedMs >= change.atMs &&
      other.number <= call.number &&
      (closedMs(other) ?? Number.POSITIVE_INFINITY) > startedMs,
  );
  return probes.length > probesMax ? `as probe ${probes.length} at once` : undefined;
}

/** Only what a deployment did wrong opens its breaker. */
export const breakersOpenOnFailures: Checker = {
  fact: "a breaker opens only when a call has failed or was slow; a blocked answer is an answer",
  violations: (history) =>
    history.breakers
      .filter(({ state, reason }) => state === "open" && reason !== "probe-failed")
      .filter((change) => !isDeserved(history, change))
      .map(
        ({ deployment, atMs }) => `the breaker of ${deployment} opened at ${atMs} ms, and nothing had failed`,
      ),
};

function isDeserved({ calls, requests }: History, { deployment, atMs }: BreakerChange): boolean {
  return calls.some((call) => {
    if (call.deployment !== deployment || closedMs(call) !== atMs) return false;
    const firstMs = call.wordTimesMs[0] ?? atMs;
    const isSlow = firstMs - call.startedMs > slowMsMin;
    const isLeft = requests[call.request]?.leftMs === atMs;
    return isSlow || (call.finishMs === undefined && !isLeft);
  });
}

/** What was broken comes back. */
export const breakersClose: Checker = {
  fact: "a breaker closes when its deployment has answered three times after it was open",
  violations: (history) =>
    history.scenario.deployments.flatMap(({ name }) => {
      const opened = history.breakers.findLast(
        ({ deployment, state }) => deployment === name && state === "open",
      );
      const last = history.breakers.findLast(({ deployment }) => deployment === name);
      if (!opened || last?.state === "closed") return [];
      // One that was cancelled behind its finish reason, since its client read slowly or went away, may say nothing.
      const well = history.calls.filter(
        (call) =>
          call.deployment === name &&
          call.startedMs >= opened.openUntilMs &&
          call.finishMs !== undefined &&
          call.abortedMs === undefined,
      );
      return well.length >= probesMax
        ? [
            `the breaker of ${name} is ${last?.state} at the end, although ${well.length} calls went well since`,
          ]
        : [];
    }),
};

/** Chance of an innocent deployment to be told of, once in so many. */
const starvedOnceIn = 1e9;

/** No starvation. */
export const nobodyStarves: Checker = {
  fact: "when all has been well for long, every deployment gets requests again",
  violations(history) {
    const { scenario, requests, epochs } = history;
    const availability = new Availability(history);
    const late = requests.filter(({ plan }) => plan.atMs >= steadyFromMs);
    return scenario.deployments
      .filter(({ name, variant }) => {
        if (!scenario.route.chosen.includes(variant)) return false;
        return availability.mayCoolUntilMs(name, scenario.horizonMs) < steadyFromMs;
      })
      .flatMap(({ name, variant }) => {
        let innocence = 1;
        for (const { plan, epoch, records } of late) {
          // It may be kept elsewhere.
          if (scenario.route.affinity && plan.conversation !== undefined) continue;
          const specification = epochs[epoch]?.specification;
          if (!specification || records[0]?.decision?.variant !== variant) continue;
          if (specification.withdrawn.includes(name)) continue;
          const pool = scenario.deployments.filter((plan) => plan.variant === variant);
          const sum = pool.reduce((total, plan) => total + (specification.weights[plan.name] ?? 1), 0);
          // A slow one gets less than its weight; a third of it is little enough.
          innocence *= 1 - (specification.weights[name] ?? 1) / sum / 3;
        }
        const calls = history.calls.filter(
          (call) => call.deployment === name && call.startedMs >= steadyFromMs,
        );
        return calls.length === 0 && innocence < 1 / starvedOnceIn ? [`${name} got no request any more`] : [];
      });
  },
};

/** Calls for one request, the first included. */
const callsMax = 3;
/** The budget of retries: one in five of the requests of the last ten seconds, and ten besides. */
const budget = { share: 0.2, reserve: 10, windowMs: 10_000 };
/** The window moves by parts: what is a little older may count, or not count any more. */
const windowSlackMs = 1_000;

/** Retries do not amplify an outage. */
export const insideBudget: Checker = {
  fact: `a request makes ${callsMax} calls at most, and all together make a fifth more than one each, and one a second`,
  violations(history) {
    const many = history.requests
      .filter(({ calls }) => calls.length > callsMax)
      .map(({ plan, calls }) => `request ${plan.number} made ${calls.length} calls`);
    const extras = extraTimes(history);
    const times = history.requests.map(({ plan }) => plan.atMs);
    const spent = extras.filter((atMs, at) => {
      const sinceMs = atMs - budget.windowMs + windowSlackMs;
      const made = at + 1 - extras.findIndex((other) => other > sinceMs);
      const came = times.filter((time) => time > sinceMs - 2 * windowSlackMs && time <= atMs).length;
      return made > budget.share * came + budget.reserve + 1;
    });
    return [...many, ...spent.map((atMs) => `a retry at ${atMs} ms was beyond the budget`)];
  },
};

/** When calls beyond a request's first began, by time. */
function extraTimes({ requests }: History): readonly number[] {
  return requests
    .flatMap(({ calls }) => calls.slice(1).map(({ startedMs }) => startedMs))
    .toSorted((a, b) => a - b);
}

/** Failures after which nobody else may be asked. */
const finalFailures: ReadonlySet<string | undefined> = new Set([
  "invalid-request",
  "context-exceeded",
  "total-timeout",
]);

/** Who does not say how long to wait is told to come again where it would take longer than this, ms. */
const waitMsMax = 10_000;

/** An answer even when models fail. */
export const noAvoidableError: Checker = {
  fact: "nobody gets an error while another deployment is available, or is back in time, and the budget has room",
  violations(history) {
    const availability = new Availability(history);
    const extras = extraTimes(history);
    return history.requests.flatMap((request) => avoidable(history, request, { availability, extras }));
  },
};

function avoidable(
  history: History,
  request: RequestTrace,
  { availability, extras }: { readonly availability: Availability; readonly extras: readonly number[] },
): readonly string[] {
  const { plan, status, settledMs, leftMs, records, calls } = request;
  const isBroken = isBrokenForGood(history, request);
  if (leftMs !== undefined || settledMs === undefined || calls.length >= callsMax) return [];
  if (status === 200 && !isBroken) return [];
  if (finalFailures.has(records[0]?.attempts.at(-1)?.failure)) return [];
  const spent = extras.filter(
    (atMs) => atMs > settledMs - budget.windowMs - windowSlackMs && atMs <= settledMs,
  );
  if (calls.length > 0 && spent.length >= budget.reserve - 1) return [];
  const variant = records[0]?.decision?.variant ?? "";
  const stages = [variant, ...history.scenario.route.fallbacks.filter((name) => name !== variant)];
  const dueMs = deadlineOf(history, request);
  const backByMs = plan.deadlineMs === undefined ? Math.min(dueMs, settledMs + waitMsMax) : dueMs;
  const saviour = stages
    .flatMap((name) => availability.stage(request, name, settledMs))
    .filter(({ prefill }) => !isBroken || prefill !== undefined)
    .find(({ name }) => isReachable(availability, name, { settledMs, backByMs }));
  return saviour && settledMs < dueMs - 1
    ? [
        `request ${plan.number} got ${isBroken ? "a broken answer" : `status ${status}`} at ${settledMs} ms, although ${saviour.name} could have answered`,
      ]
    : [];
}

/** Whether a stream broke that another deployment was to go on with. */
function isBrokenForGood({ scenario }: History, { plan, ending }: RequestTrace): boolean {
  return scenario.route.resumes && plan.stream && ending === "broken-off";
}

/** Whether a deployment can be asked at once, or after a wait that fits. */
function isReachable(
  availability: Availability,
  name: string,
  { settledMs, backByMs }: { readonly settledMs: number; readonly backByMs: number },
): boolean {
  const backMs = Math.max(settledMs, availability.mayCoolUntilMs(name, settledMs + 1));
  const breaker = availability.breaker(name, settledMs + 1);
  if (availability.mayBeSpared(name, settledMs)) return false;
  return backMs < backByMs - 1 && (breaker?.state ?? "closed") === "closed";
}
