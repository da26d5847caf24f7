import { Breaker } from "#core/resilience/breaker.ts";
import { Cooldowns } from "#core/resilience/cooldowns.ts";
import { DeploymentHealth } from "#core/resilience/deployment-health.ts";
import { RetryBudget } from "#core/resilience/retry-budget.ts";
import { StreamRelay } from "#features/gateway/stream-relay.ts";
import { HealthBalancer } from "#features/gateway/health/health-balancer.ts";
import { insideDeadline } from "../checkers/deadlines.ts";
import {
  breakersClose,
  breakersHold,
  breakersOpenOnFailures,
  cooledUnasked,
  noAvoidableError,
} from "../checkers/health.ts";
import { replaceMethod, type Planting } from "./planting.ts";

/** litellm #40130: the last error sets the time, also where an earlier one said longer. */
export const cooldownShortened: Planting = {
  fault: "cooldown shortened by a later error",
  shownBy: cooledUnasked,
  plant: () => ({
    restore: replaceMethod(Cooldowns.prototype, "extend", (original) => {
      return function (this: Cooldowns, key, untilMs, nowMs) {
        this.forget(key);
        original.call(this, key, untilMs, nowMs);
      };
    }),
  }),
};

/** How old a copy of the cooldowns may be where they are read from one, ms: litellm's (PR #34836). */
const copyMsMax = 10_000;

/** litellm PR #34836: cooldowns are kept elsewhere and read every ten seconds. */
export const cooldownStale: Planting = {
  fault: "cooldown read from a stale copy",
  shownBy: cooledUnasked,
  plant() {
    let nowMs = 0;
    const copies = new WeakMap<
      Cooldowns,
      Map<string, { readonly untilMs: number; readonly readMs: number }>
    >();
    const takeTime = replaceMethod(DeploymentHealth.prototype, "showTo", (original) => {
      return function (this: DeploymentHealth, candidate, stream, moment) {
        ({ nowMs } = moment);
        original.call(this, candidate, stream, moment);
      };
    });
    const read = replaceMethod(Cooldowns.prototype, "untilMs", (original) => {
      return function (this: Cooldowns, key) {
        const copy =
          copies.get(this) ?? new Map<string, { readonly untilMs: number; readonly readMs: number }>();
        copies.set(this, copy);
        const known = copy.get(key);
        if (known && nowMs - known.readMs < copyMsMax) return known.untilMs;
        const untilMs = original.call(this, key);
        copy.set(key, { untilMs, readMs: nowMs });
        return untilMs;
      };
    });
    return {
      restore() {
        read();
        takeTime();
      },
    };
  },
};

/** opossum's users ask for it since 2021 (#613): once it is half-open, everybody finds out at once. */
export const halfOpenFloods: Planting = {
  fault: "half-open lets everything in",
  shownBy: breakersHold,
  plant: () => ({
    restore: replaceMethod(Breaker.prototype, "admission", (original) => {
      return function (this: Breaker, nowMs) {
        const isOpen = this.state(nowMs).state === "open";
        return isOpen ? original.call(this, nowMs) : "closed";
      };
    }),
  }),
};

/** better-ccflare PR #349: a probe that went well was forgotten, and with it its place. */
export const halfOpenSticks: Planting = {
  fault: "half-open never closes",
  shownBy: breakersClose,
  plant: () => ({
    restore: replaceMethod(Breaker.prototype, "ended", (original) => {
      return function (this: Breaker, ticket, outcome, nowMs, jitter) {
        if (outcome === "success" && this.state(nowMs).state === "half-open") return;
        original.call(this, ticket, outcome, nowMs, jitter);
      };
    }),
  }),
};

/** An answer that a safety filter blocked is taken for the deployment's failure. */
export const blocksCounted: Planting = {
  fault: "breaker counts content blocks",
  shownBy: breakersOpenOnFailures,
  plant() {
    let isBlocked = false;
    const look = replaceMethod(StreamRelay.prototype, "ended", (original) => {
      return function (this: StreamRelay) {
        const failure = original.call(this);
        isBlocked = this.answer.finish?.reason === "content-filter";
        return failure;
      };
    });
    const count = replaceMethod(DeploymentHealth.prototype, "ended", (original) => {
      return function (this: DeploymentHealth, attempt, how, nowMs, jitter) {
        const end = isBlocked ? ({ kind: "server-error", message: "blocked" } as const) : how.end;
        isBlocked = false;
        original.call(this, attempt, { ...how, end }, nowMs, jitter);
      };
    });
    return {
      restore() {
        count();
        look();
      },
    };
  },
};

/** Whoever waits or asks again does not look at how long the client still waits. */
export const deadlineIgnored: Planting = {
  fault: "retries ignore the deadline",
  shownBy: insideDeadline,
  plant: () => ({
    restore: replaceMethod(HealthBalancer.prototype, "next", (original) => {
      return function (this: HealthBalancer, climb) {
        return original.call(this, { ...climb, leftMs: Number.POSITIVE_INFINITY });
      };
    }),
  }),
};

/** Attempts that a budget had at the beginning, and then never again. */
const attemptsOnce = 5;

/** The budget of retries is what it was at the start: once it is spent, nobody is helped any more. */
export const budgetUnfilled: Planting = {
  fault: "retry budget never refilled",
  shownBy: noAvoidableError,
  plant() {
    const spent = new WeakMap<RetryBudget, number>();
    return {
      restore: replaceMethod(RetryBudget.prototype, "tryWithdraw", (original) => {
        return function (this: RetryBudget, nowMs) {
          const before = spent.get(this) ?? 0;
          if (before >= attemptsOnce || !original.call(this, nowMs)) return false;
          spent.set(this, before + 1);
          return true;
        };
      }),
    };
  },
};

/** litellm #3646: all are cooling down, and the request fails although the first is back in a moment. */
export const lastResortUntried: Planting = {
  fault: "last-resort deployment never tried",
  shownBy: noAvoidableError,
  plant: () => ({
    restore: replaceMethod(HealthBalancer.prototype, "next", (original) => {
      return function (this: HealthBalancer, climb) {
        const choice = original.call(this, climb);
        return choice.kind === "wait" ? { kind: "none", retryAfterMs: choice.waitMs } : choice;
      };
    }),
  }),
};
