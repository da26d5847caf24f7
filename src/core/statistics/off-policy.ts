import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import { momentsOf, type Moments } from "./moments.ts";
import { normOf } from "./norm.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { sampleOf } from "./sample.ts";
import { meanOf, studentTested } from "./welch-test.ts";

/** What a router decided, with the chance it had, and what came of it. */
export interface LoggedDecision {
  readonly reward: number;
  /** Of what was taken, as it was drawn: in (0, 1]. Rounded or recomputed ones make every estimate wrong. */
  readonly loggedProbability: number;
  /** Of the same under the policy that is asked about: in [0, 1]. */
  readonly targetProbability: number;
}

/** A decision with what a model of rewards expects. */
export interface ModelledDecision extends LoggedDecision {
  /** Of what was taken. */
  readonly expectedReward: number;
  /** Mean over what the other policy would take. */
  readonly expectedUnderTarget: number;
}

/** What a policy would have earned a decision. */
export interface PolicyValue {
  readonly value: number;
  readonly standardError: number;
  /** By Student's t over the decisions; sound from an effective sample of a hundred on (at 40, 95 % are 93 %). */
  readonly interval: Interval;
}

/** How far logs speak of another policy. */
export interface PolicyOverlap {
  /** (sum w)^2 / sum w^2: so many decisions of the policy itself would tell as much. Kish (1965), Survey Sampling. */
  readonly effectiveSampleSize: number;
  readonly weightMax: number;
  /** Near 1 where the probabilities are those that were drawn by. */
  readonly weightMean: number;
}

/**
 * How far logs speak of another policy, by the weights w = target / logged probability.
 * Refuses `too-few` without a decision or where the policy takes nothing that was taken, `bad-value` for probabilities.
 */
export function policyOverlap(decisions: readonly LoggedDecision[]): Result<PolicyOverlap, Refusal> {
  const moments = weightMoments(decisions);
  if (!moments.ok) return moments;
  const { count, mean, squaredDeviations } = moments.value;
  return ok({
    // sum w = n m, sum w^2 = n m^2 + squared deviations.
    effectiveSampleSize: count / (1 + squaredDeviations / count / mean / mean),
    weightMax: decisions.reduce((most, decision) => Math.max(most, weightOf(decision)), 0),
    weightMean: mean,
  });
}

/**
 * Value of a policy by inverse propensities: mean of w r, w = target / logged probability. Horvitz & Thompson (1952), JASA 47.
 *
 * Unbiased where the log could take all that the policy takes; a few large weights make it wild. `weightMax` clips them, for
 * less error and a bias (downwards for rewards >= 0). Assumes independent decisions. SE = sd(w r) / sqrt(n).
 *
 * Refuses `bad-level`, `bad-value` (probabilities, a weightMax not above 0), `not-finite`, `too-few` below 2 decisions or where
 * the policy takes nothing that was taken, `no-variance`.
 */
export function inversePropensityValue(
  decisions: readonly LoggedDecision[],
  { alpha, weightMax = Infinity }: { readonly alpha: number; readonly weightMax?: number },
): Result<PolicyValue, Refusal> {
  return (
    refusedQuestion(decisions, { alpha, limit: weightMax }) ??
    meanValue(
      decisions.map((decision) => Math.min(weightMax, weightOf(decision)) * decision.reward),
      alpha,
    )
  );
}

/**
 * Value of a policy by self-normalised inverse propensities: sum w r / sum w. Less error than inversePropensityValue for a bias
 * that vanishes as decisions grow, within the range of the rewards, and the same after a shift of them.
 * SE^2 = sum (w (r - value))^2 / (sum w)^2, by the delta method. Hajek (1971); Swaminathan & Joachims (2015), NeurIPS 28.
 * Assumes and refuses as inversePropensityValue.
 */
export function selfNormalisedValue(
  decisions: readonly LoggedDecision[],
  { alpha }: { readonly alpha: number },
): Result<PolicyValue, Refusal> {
  const refusal = refusedQuestion(decisions, { alpha });
  if (refusal) return refusal;
  const weights = decisions.map(weightOf);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  // From the first reward on, so that a large offset costs no digits.
  const offset = decisions[0]?.reward ?? 0;
  const value =
    offset +
    decisions.reduce(
      (sum, { reward }, place) => sum + ((weights[place] ?? 0) / whole) * (reward - offset),
      0,
    );
  const standardError = normOf(
    decisions.map(({ reward }, place) => ((weights[place] ?? 0) / whole) * (reward - value)),
  );
  return studentValue({ value, standardError }, { count: decisions.length, alpha });
}

/**
 * Value of a policy by a model of rewards alone: mean of what it expects under the policy. As right as the model: the error says
 * how sure the mean of the expectations is, and nothing of how wrong they are. Assumes and refuses as inversePropensityValue.
 */
export function directMethodValue(
  decisions: readonly ModelledDecision[],
  { alpha }: { readonly alpha: number },
): Result<PolicyValue, Refusal> {
  return (
    refusedLevel(alpha) ??
    refusedDecisions(decisions) ??
    meanValue(
      decisions.map(({ expectedUnderTarget }) => expectedUnderTarget),
      alpha,
    )
  );
}

/**
 * Value of a policy by a model of rewards, corrected by what it got wrong: mean of (expected under the policy + w (r - expected)).
 * Unbiased where either the probabilities or the model are right, and of less error than inversePropensityValue where the model
 * is any good; it has to come from other decisions than these. Robins, Rotnitzky & Zhao (1994), JASA 89; Dudik, Langford & Li
 * (2011), ICML. `switchAbove` leaves the correction out where w is above it (Wang, Agarwal & Dudik 2017, ICML: SWITCH),
 * `weightMax` clips w; both for less error and a bias. Assumes and refuses as inversePropensityValue.
 */
export function doublyRobustValue(
  decisions: readonly ModelledDecision[],
  {
    alpha,
    weightMax = Infinity,
    switchAbove = Infinity,
  }: { readonly alpha: number; readonly weightMax?: number; readonly switchAbove?: number },
): Result<PolicyValue, Refusal> {
  return (
    refusedQuestion(decisions, { alpha, limit: Math.min(weightMax, switchAbove) }) ??
    meanValue(
      decisions.map((decision) => {
        const weight = weightOf(decision);
        const used = weight > switchAbove ? 0 : Math.min(weightMax, weight);
        return decision.expectedUnderTarget + used * (decision.reward - decision.expectedReward);
      }),
      alpha,
    )
  );
}

function weightOf({ targetProbability, loggedProbability }: LoggedDecision): number {
  return targetProbability / loggedProbability;
}

function weightMoments(decisions: readonly LoggedDecision[]): Result<Moments, Refusal> {
  const refusal = refusedDecisions(decisions);
  if (refusal) return refusal;
  const moments = momentsOf(decisions.map(weightOf));
  if (moments.ok && moments.value.mean === 0) {
    return refused("too-few", "The policy takes nothing that was taken: the log says nothing of it");
  }
  return moments;
}

/** A mean of one term a decision. */
function meanValue(terms: readonly number[], alpha: number): Result<PolicyValue, Refusal> {
  const moments = momentsOf(terms);
  if (!moments.ok) return moments;
  const sample = sampleOf(moments.value);
  return sample.ok ? studentValue(meanOf(sample.value), { count: sample.value.count, alpha }) : sample;
}

function studentValue(
  { value, standardError }: { readonly value: number; readonly standardError: number },
  { count, alpha }: { readonly count: number; readonly alpha: number },
): Result<PolicyValue, Refusal> {
  if (count < 2) return refused("too-few", `A policy's value needs 2 decisions, there are ${count}`);
  if (standardError === 0) return refused("no-variance", "Nothing varies in the decisions");
  const tested = studentTested({ difference: value, standardError }, { alpha }, [
    { count, variance: standardError ** 2 * count },
  ]);
  return tested.ok ? ok({ value, standardError, interval: tested.value.interval }) : tested;
}

type Refused = { readonly ok: false; readonly error: Refusal } | undefined;

function refusedQuestion(
  decisions: readonly LoggedDecision[],
  { alpha, limit = Infinity }: { readonly alpha: number; readonly limit?: number },
): Refused {
  const level = refusedLevel(alpha);
  if (level) return level;
  if (!(limit > 0)) return refused("bad-value", `A limit of weights is above 0, it is ${limit}`);
  const moments = weightMoments(decisions);
  return moments.ok ? undefined : moments;
}

function refusedDecisions(decisions: readonly LoggedDecision[]): Refused {
  if (decisions.length === 0) return refused("too-few", "There are no decisions");
  for (const { loggedProbability, targetProbability } of decisions) {
    if (!(loggedProbability > 0 && loggedProbability <= 1)) {
      return refused("bad-value", `What was taken had a chance in (0, 1], not ${loggedProbability}`);
    }
    if (!(targetProbability >= 0 && targetProbability <= 1)) {
      return refused("bad-value", `A probability is in [0, 1], it is ${targetProbability}`);
    }
  }
  return undefined;
}
