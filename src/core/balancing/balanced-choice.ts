import { isAvailable, type Candidate } from "./candidate.ts";
import { cleared } from "./draw-weights.ts";
import { loadOf } from "./peak-ewma.ts";
import type { PickOptions } from "./pick-options.ts";
import { firstOfTwo, isUncontested, secondOfTwo } from "./two-choices.ts";

/** Costs below this are alike, ms: what is faster, or was not asked for long. */
const costMsMin = 1;

/**
 * Costs that differ by less are alike: an average of some hundred answers is no more exact than that. Else, of deployments
 * that are equally fast, whoever has the lowest average wins every time that as much waits at each, and shares drift by a
 * third for minutes; with it they stay within 4 % of equal ones over a minute of 50 requests a second (simulated 2026-11-26).
 */
const alikeRatio = 1.25;

/**
 * How many times the load of another, or that of the fastest one idle, makes a deployment unfit. A place that it has as
 * its share goes to the other then; and of two that are both unfit the better one competes with a third.
 */
const unfitRatio = 2;

/** What a choice is made in. */
interface Contest {
  readonly candidates: readonly Candidate[];
  readonly options: PickOptions;
  readonly weightMean: number;
  /** The share that counts as full: where all are new, that of the furthest. */
  readonly shareFull: number;
  /**
   * The lowest cost that was measured, ms. One that was never asked is drawn as if it had it, and time makes none better:
   * else of two that are equally fast the one that was asked longer ago is asked next, and with a request every few
   * seconds weights would mean nothing.
   */
  readonly costMsLowest: number;
}

/**
 * Chooses among at least two available candidates; see pick.
 * @param weightMean of the available ones
 * @returns the index of one that is available
 */
export function balancedChoice(
  candidates: readonly Candidate[],
  options: PickOptions,
  weightMean: number,
): number {
  const { nowMs, draws } = options;
  let shareFull = 0;
  let costMsLowest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (!isAvailable(candidate, nowMs)) continue;
    shareFull = Math.max(shareFull, candidate.share);
    const { costMs = costMsLowest, measuredCostMs = costMs } = candidate;
    costMsLowest = Math.min(costMsLowest, measuredCostMs);
  }
  if (costMsLowest === Number.POSITIVE_INFINITY) costMsLowest = costMsMin;
  const contest = { candidates, options, weightMean, shareFull, costMsLowest };
  const rising = weightOfRising(contest);
  const full = weightOfFull(contest);
  // The pieces of those that rise lie before those of the others; the rest is a [0, 1) of its own again.
  const at = draws[0] * (rising + full);
  return at < rising ? ofRising(contest, at) : ofFull(contest, (at - rising) / full);
}

/** One that rises has its place as its share of the traffic: it gives way only where it is unfit. */
function ofRising(contest: Contest, at: number): number {
  const { weights, sum } = drawWeights(contest);
  const first = risingAt(contest, at);
  const other = secondOfTwo(weights, sum, first, contest.options.draws[1]);
  return isUnfitBeside(contest, first, other) ? other : first;
}

function ofFull(contest: Contest, unit: number): number {
  const { draws, work = 1 } = contest.options;
  const { weights, sum } = drawWeights(contest);
  const first = firstOfTwo(weights, sum, unit);
  const second = secondOfTwo(weights, sum, first, draws[1]);
  if (second < 0) return first;
  if (isUncontested(weights[first] ?? 0, sum, unit))
    return isUnfitBeside(contest, first, second) ? second : first;
  const better = lessLoaded(contest, first, second);
  const loadOfBetter = loadAt(contest, better);
  if (loadOfBetter <= unfitRatio * loadOf(contest.costMsLowest, 0, work)) return better;
  const left = sum - (weights[second] ?? 0);
  weights[second] = 0;
  const third = secondOfTwo(weights, left, first, spareDraw(draws[0] - draws[1]));
  return third >= 0 && loadAt(contest, third) < loadOfBetter ? third : better;
}

function isUnfitBeside(contest: Contest, index: number, other: number): boolean {
  return loadAt(contest, index) > unfitRatio * loadAt(contest, other);
}

function lessLoaded(contest: Contest, first: number, second: number): number {
  const lead = loadAt(contest, first) - loadAt(contest, second);
  if (lead === 0) return isHeads(contest.options.draws) ? first : second;
  return lead > 0 ? second : first;
}

/** With what each of the full ones is drawn: weight / cost. Valid until the next pick. */
function drawWeights({ candidates, options, shareFull, costMsLowest }: Contest) {
  const weights = cleared(candidates.length);
  let sum = 0;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate === undefined || !isAvailable(candidate, options.nowMs) || candidate.share < shareFull)
      continue;
    sum += weights[index] =
      candidate.weight / Math.max(costMsMin, countedCostMs(candidate.costMs ?? 0, costMsLowest));
  }
  return { weights, sum };
}

/** The one that rises whose piece holds the point. */
function risingAt({ candidates, options, shareFull }: Contest, point: number): number {
  let at = point;
  let last = -1;
  for (let index = 0; index < candidates.length && at >= 0; index++) {
    const candidate = candidates[index];
    if (candidate === undefined || !isRising(candidate, options.nowMs, shareFull)) continue;
    last = index;
    at -= candidate.weight * candidate.share;
  }
  return last;
}

function weightOfRising({ candidates, options, shareFull }: Contest): number {
  let sum = 0;
  for (const candidate of candidates)
    if (isRising(candidate, options.nowMs, shareFull)) sum += candidate.weight * candidate.share;
  return sum;
}

function weightOfFull({ candidates, options, shareFull }: Contest): number {
  let sum = 0;
  for (const candidate of candidates)
    if (isAvailable(candidate, options.nowMs) && candidate.share >= shareFull)
      sum += candidate.weight * candidate.share;
  return sum;
}

function isRising(candidate: Candidate, nowMs: number, shareFull: number): boolean {
  return isAvailable(candidate, nowMs) && candidate.share < shareFull;
}

function loadAt({ candidates, options, weightMean, costMsLowest }: Contest, index: number): number {
  const candidate = candidates[index];
  return candidate === undefined
    ? Number.POSITIVE_INFINITY
    : loadIn(candidate, options, weightMean, costMsLowest);
}

/** What a cost counts for where that of the fastest is known, ms: for the same as that unless it is well above it. */
function countedCostMs(costMs: number, costMsLowest: number): number {
  return costMs <= costMsLowest * alikeRatio ? costMsLowest : costMs;
}

/**
 * What a request would wait for at a candidate, ms: cost x (in flight x mean weight / weight + its own work).
 * @param costMsLowest the lowest measured one, where costs that are about the same count for it, ms
 */
export function loadIn(
  { costMs, inFlight, weight }: Candidate,
  { work = 1 }: Pick<PickOptions, "work">,
  weightMean: number,
  costMsLowest?: number,
): number {
  const isExact = costMs === undefined || costMsLowest === undefined;
  const counted = isExact ? costMs : countedCostMs(costMs, costMsLowest);
  return loadOf(counted, (inFlight * weightMean) / weight, work);
}

/** A fair coin, independent of which two were drawn. */
export function isHeads(draws: PickOptions["draws"]): boolean {
  return spareDraw(draws[0] + draws[1]) < 0.5;
}

/** One more number in [0, 1) out of two that are drawn: digits of their sum or difference that chose nothing yet. */
function spareDraw(sum: number): number {
  return ((1 + sum) * spareDigits) % 1;
}
const spareDigits = 65_536;
