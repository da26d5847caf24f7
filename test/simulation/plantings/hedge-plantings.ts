import { Exchange } from "#features/gateway/exchange.ts";
import { HealthBalancer } from "#features/gateway/health/health-balancer.ts";
import { noSplice } from "../checkers/answers.ts";
import { losersCancelled } from "../checkers/hedges.ts";
import { replaceMethod, type Planting } from "./planting.ts";

/** The race is decided, and the loser runs on at somebody's expense. */
export const loserRuns: Planting = {
  fault: "hedge loser not aborted",
  shownBy: losersCancelled,
  plant: () => ({
    restore: replaceMethod(Exchange.prototype, "abort", () => () => undefined),
  }),
};

/** The timer of the hedge does not hear that the first call has answered. */
export const hedgedLate: Planting = {
  fault: "hedge after the first token",
  shownBy: noSplice,
  plant() {
    let hedgeMs: number | undefined;
    return {
      ports: {
        timers: (timers) => ({
          after(delayMs, callback) {
            const timer = timers.after(delayMs, callback);
            if (delayMs !== hedgeMs) return timer;
            hedgeMs = undefined;
            return { ...timer, cancel: () => undefined };
          },
        }),
      },
      restore: replaceMethod(HealthBalancer.prototype, "hedgeDelayMs", (original) => {
        return function (this: HealthBalancer, question) {
          hedgeMs = original.call(this, question);
          return hedgeMs;
        };
      }),
    };
  },
};
