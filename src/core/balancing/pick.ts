import { isAvailable, type Candidate } from "./candidate.ts";
import { balancedChoice, isHeads, loadIn } from "./balanced-choice.ts";
import { cleared } from "./draw-weights.ts";
import type { PickOptions } from "./pick-options.ts";
import { firstOfTwo, secondOfTwo } from "./two-choices.ts";

/** Whom to ask next, and why; or what to do when nobody can be asked. Indexes are those of the candidates. */
export type Pick =
  | { readonly kind: "go"; readonly index: number; readonly why: PickReason }
  /** Wait until then, and ask that one: it is the last resort. */
  | { readonly kind: "wait"; readonly index: number; readonly untilMs: number }
  /** Refuse. When the first of them can be asked again, ms since 1970; undefined when never. */
  | { readonly kind: "none"; readonly retryAtMs: number | undefined };

/**
 * balanced: the better of two that are available; only: the one that is; panic: too few are, so that health is ignored;
 * last-resort: none is, and this one's time has come.
 */
export type PickReason = "balanced" | "only" | ForcedChoice;

/** Why one is asked that is not as it should be. */
export const forcedChoices = ["panic", "last-resort"] as const;

/** One of them. */
export type ForcedChoice = (typeof forcedChoices)[number];

/** With less than this part of the weight available, those who are would get more than they can bear (Envoy's default). */
const panicBelow = 0.5;

/**
 * One that comes back later than this, ms, is away for a known reason, such as the day's quota, rather than by an opinion
 * about its health: panic does not ask it, and does not count it. Breakers and short cooldowns end within 300 s.
 */
const awayMsMax = 300_000;

/**
 * Chooses whom to ask: the less loaded of two drawn by weight among the available ones.
 *
 * - The two are drawn by weight / cost, so that a slow one seldom takes a place in which two fast ones could compete.
 *   With equal loads each is chosen in proportion to weight x share. Where the better of the two would make the request wait
 *   for more than twice as long as the fastest idle one would, it competes with a third.
 * - One that has not its full share (new, or just recovered) is drawn with exactly weight x share / sum of these, and
 *   taken unless it is more than twice as loaded as a full one drawn beside it.
 * - Panic: with less than half of the weight available two are drawn among all, and the less bad is asked: an available
 *   one before one that is not, of two that are not the one that comes back first.
 * - None available: the one that comes back first, after a wait if that fits, else none.
 *
 * Load is cost x (in flight x mean weight / weight + work): what the first content has to wait for. The weight is set
 * against what is in flight only: dividing the whole load by it would give all of an idle pool's traffic to its heaviest.
 * A pure function; 20 candidates take about half a microsecond.
 */
export function pick(candidates: readonly Candidate[], options: PickOptions): Pick {
  const { nowMs } = options;
  let counted = 0;
  let available = 0;
  let count = 0;
  let only = -1;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate === undefined || !isNear(candidate, nowMs)) continue;
    counted += candidate.weight;
    if (!isAvailable(candidate, nowMs)) continue;
    available += candidate.weight;
    count += 1;
    only = index;
  }
  if (count === 0) return lastResort(candidates, options);
  if (available < counted * panicBelow) return go(inPanic(candidates, options), "panic");
  if (count === 1) return go(only, "only");
  return go(balancedChoice(candidates, options, available / count), "balanced");
}

function go(index: number, why: PickReason): Pick {
  return { kind: "go", index, why };
}

function inPanic(candidates: readonly Candidate[], options: PickOptions): number {
  const { nowMs, draws } = options;
  const weights = cleared(candidates.length);
  let sum = 0;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate !== undefined && isNear(candidate, nowMs)) sum += weights[index] = candidate.weight;
  }
  const first = firstOfTwo(weights, sum, draws[0]);
  const second = secondOfTwo(weights, sum, first, draws[1]);
  const [a, b] = [candidates[first], candidates[second]];
  if (a === undefined || b === undefined) return first;
  const worse = awayMs(a, nowMs) - awayMs(b, nowMs) || loadIn(a, options, 1) - loadIn(b, options, 1);
  if (worse === 0) return isHeads(draws) ? first : second;
  return worse > 0 ? second : first;
}

/** Whether panic counts a candidate, and may ask it; not what is busy, or away for a known reason, or for good. */
function isNear({ state, availableAtMs }: Candidate, nowMs: number): boolean {
  return state !== "busy" && availableAtMs - nowMs <= awayMsMax;
}

/** How bad a candidate is: -1 for an available one, else how long it is away, ms >= 0. */
function awayMs(candidate: Candidate, nowMs: number): number {
  return isAvailable(candidate, nowMs) ? -1 : Math.max(0, candidate.availableAtMs - nowMs);
}

function lastResort(candidates: readonly Candidate[], { nowMs, waitMsMax }: PickOptions): Pick {
  let index = -1;
  let untilMs = Number.POSITIVE_INFINITY;
  for (let other = 0; other < candidates.length; other++) {
    const { availableAtMs } = candidates[other] ?? { availableAtMs: Number.POSITIVE_INFINITY };
    if (availableAtMs >= untilMs) continue;
    index = other;
    untilMs = availableAtMs;
  }
  if (index < 0) return { kind: "none", retryAtMs: undefined };
  if (untilMs <= nowMs && candidates[index]?.state !== "busy") return go(index, "last-resort");
  return untilMs - nowMs <= waitMsMax
    ? { kind: "wait", index, untilMs }
    : { kind: "none", retryAtMs: untilMs };
}
