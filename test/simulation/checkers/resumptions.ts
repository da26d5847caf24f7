import { isResumption, type CallTrace, type RequestTrace } from "../history.ts";
import type { AnswerWord } from "../world/answer-frames.ts";
import { wordsRead } from "../world/words-read.ts";
import type { Checker } from "./checker.ts";
import { closedMs } from "./deadlines.ts";
import { attemptOf } from "./records.ts";

/** A stream that breaks may be gone on with, and the joint must not show. */
export const goneOnWith: Checker = {
  fact: "an answer is gone on with only when its call has failed, by one that was sent all of its words, from the next one on",
  violations: ({ scenario, requests }) =>
    scenario.route.resumes ? requests.filter(({ plan }) => plan.stream).flatMap(misjoined) : [],
};

function misjoined(request: RequestTrace): readonly string[] {
  const { plan, calls } = request;
  const words = wordsRead(request);
  const found = calls.flatMap((call) =>
    isResumption(call) ? misresumed(request, words, call) : begunAnew(request, call),
  );
  const gap = words.findIndex(({ place }, at) => place !== at);
  if (gap !== -1) found.push(`request ${plan.number} got word ${words[gap]?.place} at place ${gap}`);
  const joint = words.find(
    ({ call }, at) => at > 0 && call !== words[at - 1]?.call && !isAsked(calls, call, at),
  );
  if (joint)
    found.push(`request ${plan.number} got words of call ${joint.call}, which was not asked to go on there`);
  return found;
}

/** Whether a call was asked to go on behind so many words. */
function isAsked(calls: readonly CallTrace[], number: number, words: number): boolean {
  return calls.some((call) => call.number === number && call.beginning.length === words);
}

function begunAnew({ plan, firstWordMs }: RequestTrace, call: CallTrace): readonly string[] {
  return firstWordMs !== undefined && call.startedMs > firstWordMs
    ? [`request ${plan.number} was sent to ${call.deployment} (call ${call.number}) after its first word`]
    : [];
}

function misresumed(
  { plan, calls, records }: RequestTrace,
  words: readonly AnswerWord[],
  { number, startedMs, beginning }: CallTrace,
): readonly string[] {
  const said = `call ${number} was asked to go on with request ${plan.number}`;
  const found: string[] = [];
  if (beginning.some(({ call, place }, at) => words[at]?.call !== call || words[at]?.place !== place))
    found.push(`${said} from other words than the client has`);
  if (words.slice(beginning.length).some(({ call }) => call < number))
    found.push(`${said} from a part of its words`);
  const unbroken = calls.find(
    (call) =>
      call.number < number &&
      (call.finishMs !== undefined || (closedMs(call) ?? Number.POSITIVE_INFINITY) > startedMs),
  );
  const source = calls.find((call) => call.number === beginning.at(-1)?.call);
  const outcome = source && records[0] && attemptOf(records[0], source, plan.atMs)?.outcome;
  if (outcome !== "failed") found.push(`${said}, and what it broke off is recorded as ${outcome}`);
  if (unbroken) found.push(`${said}, although call ${unbroken.number} had not failed`);
  return found;
}

/** Whoever evaluates models must be able to leave out what two of them wrote. */
export const resumptionsTold: Checker = {
  fact: "that an answer was gone on with is recorded, of its attempts too, and the client is told by whom",
  violations: ({ requests }) => requests.flatMap(mistold),
};

function mistold({ plan, records, calls, ending, trailers }: RequestTrace): readonly string[] {
  const [record] = records;
  if (!record) return [];
  const last = calls.findLast(isResumption);
  const found = calls
    .filter((call) => (attemptOf(record, call, plan.atMs)?.resumes === true) !== isResumption(call))
    .map((call) => `request ${plan.number}: whether call ${call.number} went on with it is not recorded`);
  if ((record.decision?.resumed === true) !== (last !== undefined))
    found.push(`request ${plan.number}: whether it was gone on with is not recorded`);
  const told = trailers?.["x-signalbox-resumed"];
  if (ending === "end" && told !== last?.deployment)
    found.push(`request ${plan.number} was told of ${told} and gone on with by ${last?.deployment}`);
  return found;
}
