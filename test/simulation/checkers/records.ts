import type { AttemptRecord, RequestRecord } from "#features/traffic/index.ts";
import type { CallTrace, History, RequestTrace } from "../history.ts";
import { promptTokensOf } from "../world/answer-frames.ts";
import { ratesPerToken } from "../world/configuration.ts";
import type { Checker } from "./checker.ts";

/** Invariant: every attempt is recorded. */
export const everyAttemptRecorded: Checker = {
  fact: "every request is recorded once, with every call that its providers saw",
  violations: ({ requests }) => requests.flatMap(unrecorded),
};

function unrecorded({ plan, records, calls }: RequestTrace): readonly string[] {
  const [record, ...others] = records;
  if (!record || others.length > 0) return [`request ${plan.number} has ${records.length} records`];
  const missing = calls.filter((call) => !attemptOf(record, call, plan.atMs));
  const found = missing.map(
    (call) => `request ${plan.number}: call ${call.number} to ${call.deployment} is not recorded`,
  );
  if (record.attempts.length > calls.length)
    found.push(
      `request ${plan.number} has ${record.attempts.length} attempts recorded and ${calls.length} made`,
    );
  return [...found, ...calls.flatMap((call) => misjudged(attemptOf(record, call, plan.atMs), call))];
}

/** The attempt that tells of a call. */
export function attemptOf(
  record: RequestRecord,
  call: CallTrace,
  arrivedMs: number,
): AttemptRecord | undefined {
  return record.attempts.find(
    ({ deployment, startedMs }) =>
      deployment === call.deployment && Math.abs(arrivedMs + startedMs - call.startedMs) < 1,
  );
}

function misjudged(attempt: AttemptRecord | undefined, call: CallTrace): readonly string[] {
  if (!attempt) return [];
  if (attempt.outcome === "completed" && call.finishMs === undefined)
    return [`call ${call.number} is recorded as completed, although it had no finish reason`];
  if (call.failure !== undefined && call.endedMs !== undefined && attempt.failure !== call.failure)
    return [
      `call ${call.number} is recorded as ${attempt.failure ?? attempt.outcome} and was ${call.failure}`,
    ];
  return [];
}

/** Invariant: every attempt, failed or left, is priced, and an estimate says that it is one. */
export const everyAttemptPriced: Checker = {
  fact: "every attempt is priced once: by what its provider reported, free where nothing was done, else estimated",
  violations: ({ requests }) => requests.flatMap(mispriced),
};

function mispriced({ plan, records, calls }: RequestTrace): readonly string[] {
  const [record] = records;
  if (!record) return [];
  const sum = record.attempts.reduce((total, { cost }) => total + (cost?.picoDollars ?? 0), 0);
  const wrong = calls.flatMap((call) => mispricedCall(attemptOf(record, call, plan.atMs), call));
  return record.cost === undefined || record.cost.picoDollars === sum
    ? wrong
    : [...wrong, `request ${plan.number} costs ${record.cost.picoDollars} and its attempts ${sum}`];
}

function mispricedCall(attempt: AttemptRecord | undefined, call: CallTrace): readonly string[] {
  if (!attempt) return [];
  const { cost } = attempt;
  if (!cost) return [`call ${call.number} has no price`];
  if (call.sentMs === undefined || (call.status ?? 0) >= 400)
    return cost.picoDollars === 0 ? [] : [`call ${call.number} was free and costs ${cost.picoDollars}`];
  if (call.reportedTokens === undefined || attempt.outcome !== "completed")
    return cost.picoDollars > 0 ? [] : [`call ${call.number} was at work and costs nothing`];
  const due = promptTokensOf(call) * ratesPerToken.input + call.reportedTokens * ratesPerToken.output;
  return cost.picoDollars === due && !cost.estimated
    ? []
    : [`call ${call.number} costs ${cost.picoDollars} in place of ${due}`];
}

/** Invariant: every decision stores the probability with which it was taken. */
export const propensityRecorded: Checker = {
  fact: "every decision is recorded with the probability that the configuration in force gave it",
  violations: (history) => history.requests.flatMap((request) => misdecided(history, request)),
};

const roundingMax = 1e-9;

function misdecided({ epochs }: History, { plan, epoch, records }: RequestTrace): readonly string[] {
  const decision = records[0]?.decision;
  if (!decision) return [`request ${plan.number} has no decision`];
  const { variant, propensity, candidates, snapshot } = decision;
  const said = `request ${plan.number}: ${variant} is recorded with ${propensity}`;
  if (snapshot.statusEpoch !== epoch)
    return [`request ${plan.number} of ${epoch} was decided on ${snapshot.statusEpoch}`];
  const candidate = candidates.find((one) => one.variant === variant)?.probability;
  if (candidate !== propensity) return [`${said}, among the candidates it has ${candidate}`];
  const due = epochs[epoch]?.specification.shares[variant] ?? 0;
  return Math.abs(due - propensity) <= roundingMax ? [] : [`${said}, its share is ${due}`];
}
