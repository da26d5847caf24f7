import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import { isCount, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalQuantile } from "./special-functions.ts";

/** A share in [0, 1] and of how many it is. */
export interface Share {
  readonly share: number;
  readonly trials: number;
}

/** What a judge said, and how far it can be trusted by what humans said of others. */
export interface JudgedRate {
  /** What the judge passed. */
  readonly judged: Share;
  /** What the judge passed among those that humans passed. */
  readonly sensitivity: Share;
  /** What the judge failed among those that humans failed. */
  readonly specificity: Share;
  /** Error rate in (0, 1). */
  readonly alpha: number;
}

/** The rate that humans would have found. */
export interface CorrectedRate {
  /** In [0, 1]: what lies outside by chance is the end. */
  readonly rate: number;
  /** By the delta method: of the judge's sample and of both human ones. */
  readonly standardError: number;
  readonly interval: Interval;
}

/**
 * A judge's pass rate corrected for its errors: rate = (q + sp - 1) / (se + sp - 1), Rogan & Gladen (1978), American Journal of
 * Epidemiology 107(1). SE^2 = (vq + rate^2 vse + (1 - rate)^2 vsp) / (se + sp - 1)^2, v = p(1 - p)/n of each share.
 *
 * Assumes three independent samples and a judge that errs on the judged ones as on those that humans labelled.
 *
 * The interval holds all rates t whose pass rate t se + (1 - t)(1 - sp) is within z errors of q (Fieller 1954, of the ratio),
 * after the counts that Lang & Reiczigel (2014, Preventive Veterinary Medicine 113) add: z^2/2 of z^2 to what is judged, 1 of 2
 * to both others, so that a judge without an error among few is not taken for one that makes none. Where the judge may be no
 * better than chance, all rates are held.
 *
 * Refuses `bad-level`, `bad-count`, `too-few` for a share of none, `bad-value` for one outside [0, 1] and for a judge that is no
 * better than chance (se + sp <= 1).
 */
export function correctedRate({
  judged,
  sensitivity,
  specificity,
  alpha,
}: JudgedRate): Result<CorrectedRate, Refusal> {
  const refusal =
    refusedLevel(alpha) ??
    refusedShare(judged, "judged sample") ??
    refusedShare(sensitivity, "sensitivity") ??
    refusedShare(specificity, "specificity");
  if (refusal) return refusal;
  const skill = sensitivity.share + specificity.share - 1;
  if (skill <= 0) return refused("bad-value", "The judge is no better than chance: nothing can be corrected");
  const rate = (judged.share + specificity.share - 1) / skill;
  const standardError =
    Math.sqrt(
      varianceOf(judged) + rate ** 2 * varianceOf(sensitivity) + (1 - rate) ** 2 * varianceOf(specificity),
    ) / skill;
  const z = -normalQuantile(alpha / 2);
  const interval = heldRates(
    {
      judged: withMore(judged, (z * z) / 2),
      sensitivity: withMore(sensitivity, 1),
      specificity: withMore(specificity, 1),
    },
    z,
  );
  return ok({ rate: clamped(rate), standardError, interval });
}

/** The rates t with (q + sp - 1 - t (se + sp - 1))^2 <= z^2 (vq + t^2 vse + (1-t)^2 vsp): a quadratic in t. */
function heldRates({ judged, sensitivity, specificity }: Omit<JudgedRate, "alpha">, z: number): Interval {
  const skill = sensitivity.share + specificity.share - 1;
  const excess = judged.share + specificity.share - 1;
  const [vJudged, vSensitivity, vSpecificity] = [
    z * z * varianceOf(judged),
    z * z * varianceOf(sensitivity),
    z * z * varianceOf(specificity),
  ];
  const square = skill ** 2 - vSensitivity - vSpecificity;
  if (skill <= 0 || square <= 0) return [0, 1];
  const centre = (excess * skill - vSpecificity) / square;
  const constant = (excess ** 2 - vJudged - vSpecificity) / square;
  const margin = Math.sqrt(Math.max(0, centre ** 2 - constant));
  return [clamped(centre - margin), clamped(centre + margin)];
}

function varianceOf({ share, trials }: Share): number {
  return (share * (1 - share)) / trials;
}

/** As if so many had passed, and as many had not. */
function withMore({ share, trials }: Share, each: number): Share {
  return { share: (share * trials + each) / (trials + 2 * each), trials: trials + 2 * each };
}

function clamped(rate: number): number {
  return Math.min(1, Math.max(0, rate));
}

function refusedShare(
  { share, trials }: Share,
  name: string,
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!isCount(trials)) return refused("bad-count", `The ${name} is of ${trials}, not a whole number`);
  if (trials === 0) return refused("too-few", `The ${name} is of none`);
  return share >= 0 && share <= 1
    ? undefined
    : refused("bad-value", `The ${name} is in [0, 1], it is ${share}`);
}
