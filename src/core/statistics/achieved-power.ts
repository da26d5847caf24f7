import { ok, type Result } from "#core/kernel/result.ts";
import type { Alternative } from "./interval.ts";
import { leastWith } from "./least-with.ts";
import { mixtureBound } from "./normal-mixture.ts";
import type { NormalPrior } from "./normal-posterior.ts";
import { isPositive, refused, refusedLevel, refusedPower, type Refusal } from "./refusal.ts";
import { normalCdf, normalQuantile, normalSurvival } from "./special-functions.ts";

/** How an estimate will be judged. */
export interface Judgement {
  /** Error rate in (0, 1): of both sides together, or of the one side asked for. */
  readonly alpha: number;
  /** Default two-sided. */
  readonly alternative?: Alternative;
  /** The effect of the null hypothesis, default 0. For non-inferiority -margin ("greater") or margin ("less"). */
  readonly nullDifference?: number;
  /** Judged by confidenceSequence with this rho, as who may look at any time, rather than once at the end. */
  readonly rho?: number;
}

/** A judgement of the mean that a normal prior and the estimate have together. */
export interface PriorJudgement extends Judgement {
  readonly prior?: NormalPrior;
}

/** What an experiment knows, or will know. */
export interface Knowledge {
  /** The true effect that is to be found. */
  readonly effect: number;
  /** Of its estimate, > 0. */
  readonly standardError: number;
  /** In both arms, > 0. Only confidence sequences ask for them. */
  readonly units: number;
}

/**
 * The probability that an effect is found: P(Z > critical) with Z normal around (effect - null) / SE, both tails where the test
 * has two. Critical is z_{1-alpha/2} (one-sided z_{1-alpha}), or the width of a confidence sequence at these units: found at
 * this look, which is less than found by then.
 *
 * With a prior, the posterior mean is judged against its own error ("chance to win above 1 - alpha/2"), while the estimate
 * varies around the effect: critical and mean move by V / prior variance.
 * Refuses `bad-level`, `not-finite`, `no-variance`, `bad-value` for units, rho or the prior.
 */
export function achievedPower(judgement: PriorJudgement, knowledge: Knowledge): Result<number, Refusal> {
  const refusal = refusedJudgement(judgement) ?? refusedKnowledge(knowledge);
  if (refusal) return refusal;
  const { nullDifference = 0, alternative = "two-sided", prior } = judgement;
  const { effect, standardError, units } = knowledge;
  const share = prior ? (standardError / prior.standardDeviation) ** 2 : 0;
  const pull = prior ? ((prior.mean - nullDifference) / standardError) * share : 0;
  const critical = criticalDistance(judgement, units) * Math.sqrt(1 + share);
  const distance = (effect - nullDifference) / standardError + pull;
  const [above, below] = [normalSurvival(critical - distance), normalCdf(-critical - distance)];
  if (alternative === "two-sided") return ok(above + below);
  return ok(alternative === "greater" ? above : below);
}

/**
 * How many units more a running experiment needs, as a share of those it has, until an effect is found with a power; 0 where it
 * is already. The error falls as sqrt(1 + share). Refuses as achievedPower, `bad-level` for the power, and `bad-value` where no
 * number of units gives it: an effect of the null hypothesis, or on the side that is not asked for.
 */
export function additionalShare(
  judgement: PriorJudgement,
  { power, ...knowledge }: Knowledge & { readonly power: number },
): Result<number, Refusal> {
  const badPower = refusedPower(power);
  if (badPower) return badPower;
  const now = achievedPower(judgement, knowledge);
  if (!now.ok || now.value >= power) return now.ok ? ok(0) : now;
  const isEnough = (share: number): boolean => {
    const units = knowledge.units * (1 + share);
    const standardError = knowledge.standardError / Math.sqrt(1 + share);
    const then = achievedPower(judgement, { ...knowledge, units, standardError });
    return then.ok && then.value >= power;
  };
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > shareMax) return refused("bad-value", "No number of units finds this effect with this power");
  }
  return ok(leastWith(isEnough, { low: 0, high }));
}

/** A trillion times the units that there are: as good as never. */
const shareMax = 1e12;

/** In standard errors, what an estimate must be away from the null difference. */
export function criticalDistance(
  { alpha, alternative = "two-sided", rho }: Judgement,
  units: number,
): number {
  if (rho !== undefined) return mixtureBound(units * rho * rho, alpha, alternative);
  return -normalQuantile(alternative === "two-sided" ? alpha / 2 : alpha);
}

/** Why nothing can be judged so: `bad-level`, `bad-value` for the null difference, rho or the prior. */
export function refusedJudgement({
  alpha,
  nullDifference = 0,
  rho = 1,
  prior,
}: PriorJudgement): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!Number.isFinite(nullDifference)) return refused("bad-value", "The null difference is a finite number");
  if (!isPositive(rho)) return refused("bad-value", `rho is a finite number above 0, it is ${rho}`);
  if (prior && !(isPositive(prior.standardDeviation) && Number.isFinite(prior.mean))) {
    return refused("bad-value", "A prior has a finite mean and a deviation above 0");
  }
  return refusedLevel(alpha);
}

function refusedKnowledge({
  effect,
  standardError,
  units,
}: Knowledge): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!Number.isFinite(effect) || !Number.isFinite(standardError)) {
    return refused("not-finite", "The effect and its error must be finite numbers");
  }
  if (standardError <= 0)
    return refused("no-variance", `The standard error is above 0, not ${standardError}`);
  if (!isPositive(units)) return refused("bad-value", `Units are above 0, they are ${units}`);
  return undefined;
}
