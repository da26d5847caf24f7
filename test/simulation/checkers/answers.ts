import { isResumption, type CallTrace, type History, type RequestTrace } from "../history.ts";
import { wordsIn } from "../world/answer-frames.ts";
import { finishesRead, wordsRead } from "../world/words-read.ts";
import type { Checker } from "./checker.ts";

/** Invariant: after the first content no other provider is spliced in. Where streams are gone on with see goneOnWith. */
export const noSplice: Checker = {
  fact: "what a client is sent comes from one call, without a gap, and nobody else is asked once it has begun",
  violations: ({ scenario, requests }) =>
    requests.filter(({ plan }) => !(scenario.route.resumes && plan.stream)).flatMap(spliceOf),
};

function spliceOf(request: RequestTrace): readonly string[] {
  const { plan, firstWordMs, calls } = request;
  const words = wordsRead(request);
  const found: string[] = [];
  const sources = new Set(words.map(({ call }) => call));
  if (sources.size > 1)
    found.push(`request ${plan.number} got words of the calls ${[...sources].join(" and ")}`);
  const gap = words.findIndex(({ place }, at) => place !== at);
  if (gap !== -1) found.push(`request ${plan.number} got word ${words[gap]?.place} at place ${gap}`);
  const late = calls.find(({ startedMs }) => firstWordMs !== undefined && startedMs > firstWordMs);
  if (late)
    found.push(
      `request ${plan.number} was sent to ${late.deployment} (call ${late.number}) after its first word`,
    );
  return found;
}

/** Invariant: a stream ends cleanly only if the provider sent a finish reason. */
export const cleanEnd: Checker = {
  fact: "an answer ends cleanly only when a provider gave it a finish reason, and then it is whole",
  violations: (history) => history.requests.flatMap((request) => falseEnd(history, request)),
};

function falseEnd({ calls }: History, request: RequestTrace): readonly string[] {
  const { plan, status, ending, calls: own } = request;
  if (status !== 200 || ending !== "end") return [];
  const words = wordsRead(request);
  // Whoever went on with it last has it whole.
  const source = own.findLast(isResumption) ?? calls[words[0]?.call ?? -1] ?? own.find(isBlocked);
  if (!source) return [`request ${plan.number} got an empty answer that nobody gave`];
  if (source.finishMs === undefined)
    return [`request ${plan.number} ended cleanly, although call ${source.number} had no finish reason`];
  const due = source.beginning.length + source.wordsGiven;
  if (words.length !== due)
    return [`request ${plan.number} got ${words.length} of ${due} words, the last of call ${source.number}`];
  const ends = finishesRead(request);
  return ends === 1 ? [] : [`request ${plan.number} ended cleanly with ${ends} finish reasons`];
}

function isBlocked({ fault, finishMs }: CallTrace): boolean {
  return fault === "blocked" && finishMs !== undefined;
}

/** What cannot be answered is said in the client's dialect. */
export const typedErrors: Checker = {
  fact: "a client that stays gets an answer or an error of its dialect",
  violations: ({ requests }) => requests.flatMap(untold),
};

function untold({ plan, status, ending, text, leftMs }: RequestTrace): readonly string[] {
  if (leftMs !== undefined) return [];
  const { number } = plan;
  if (status === undefined || ending === undefined) return [`request ${number} got no end`];
  const isError = status !== 200 || ending === "broken-off";
  if (!isError) return [];
  if (status !== 200 && wordsIn(text).length > 0)
    return [`request ${number} got words with status ${status}`];
  if (status !== 200 && ending !== "end")
    return [`request ${number}: its error with status ${status} was broken off`];
  // Answers of the Responses API have a field of that name, null where all is well.
  return /"error":\s*\{/.test(text) ? [] : [`request ${number} got no error with its failure`];
}
