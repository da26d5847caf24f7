import { StreamRelay } from "#features/gateway/stream-relay.ts";
import { cleanEnd } from "../checkers/answers.ts";
import { contentDeadlines } from "../checkers/deadlines.ts";
import { replaceMethod, type Planting } from "./planting.ts";

/** livekit/agents #6171: frames that keep the connection alive reset the timer of the first token. */
export const timerResetByKeepAlive: Planting = {
  fault: "timer reset by keep-alive",
  shownBy: contentDeadlines,
  plant: () => ({
    restore: replaceMethod(StreamRelay.prototype, "data", (original) => {
      return function (this: StreamRelay, chunk) {
        const seen = original.call(this, chunk);
        return seen === "nothing" ? "content" : seen;
      };
    }),
  }),
};

/** litellm PR #39898: the provider died within its answer, and the client saw a clean end. */
export const cleanEndWithoutFinish: Planting = {
  fault: "clean end without finish reason",
  shownBy: cleanEnd,
  plant: () => ({
    restore: replaceMethod(StreamRelay.prototype, "ended", (original) => {
      return function (this: StreamRelay) {
        const failure = original.call(this);
        return failure?.kind === "incomplete-answer" && this.committed ? undefined : failure;
      };
    }),
  }),
};
