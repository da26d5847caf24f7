import { wordsIn } from "../world/answer-frames.ts";
import { isResumption, type History, type RequestTrace } from "../history.ts";
import type { Checker } from "./checker.ts";
import { closedMs } from "./deadlines.ts";

/** Of two calls that run for one request the slower one is cancelled as soon as the other has something to show. */
export const losersCancelled: Checker = {
  fact: "when the first word of an answer is sent, every other call for the request has been cancelled",
  violations: (history) => history.requests.flatMap((request) => uncancelled(history, request)),
};

function uncancelled(
  { scenario }: History,
  { plan, calls, firstWordMs, text }: RequestTrace,
): readonly string[] {
  if (firstWordMs === undefined || calls.length < 2) return [];
  const winner = wordsIn(text)[0]?.call;
  return calls
    .filter((call) => !(scenario.route.resumes && isResumption(call)))
    .filter((call) => call.number !== winner && (closedMs(call) ?? Number.POSITIVE_INFINITY) > firstWordMs)
    .map((call) => `call ${call.number} went on although call ${winner} had answered request ${plan.number}`);
}
