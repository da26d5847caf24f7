import { failed, ok, type Result } from "#core/kernel/result.ts";
import { criticalDistance } from "#core/statistics/achieved-power.ts";
import { tunedRho } from "#core/statistics/confidence-sequence.ts";
import {
  detectableEffect,
  plannedPower,
  requiredUnits,
  type ExperimentPlan,
} from "#core/statistics/experiment-plan.ts";
import type { PlannedMetric } from "#core/statistics/planned-metric.ts";
import { plannedDesignEffect } from "#core/statistics/planned-variance.ts";
import { refused, refusedLevel, refusedPower, type Refusal } from "#core/statistics/refusal.ts";
import { expectedRunTime, type RunTime } from "#core/statistics/run-time.ts";
import { groupSequentialPower, sequentialInflation } from "#core/statistics/sequential-power.ts";
import { normalQuantile } from "#core/statistics/special-functions.ts";
import type { Spending } from "#core/experiments/plan/analysis-plan.ts";
import { spendingOf } from "#core/experiments/comparisons/comparison.ts";
import type { Margin } from "#core/experiments/plan/margin.ts";

/** When a planned experiment will be looked at: as a design, whose end is what is asked for. */
export type PlannedLooks =
  | { readonly kind: "fixed" }
  | { readonly kind: "always-valid" }
  | { readonly kind: "group-sequential"; readonly looks: number; readonly spending: Spending };

/** What is known before an experiment. */
export interface UnitsQuestion {
  readonly metric: PlannedMetric;
  /** Of all units, the control's first; at least two, above 0, 1 together. */
  readonly shares: readonly number[];
  /** Of all treatments together, two-sided; one-sided of each where there is a margin. */
  readonly alpha: number;
  /** Chance of finding the effect, or of showing that the margin holds, for each treatment. */
  readonly power: number;
  readonly looks: PlannedLooks;
  /** The true effect that is to be found; with a margin the true effect beside it, none where it is absent. */
  readonly effect?: Margin;
  /** What the metric must stay within. */
  readonly margin?: Margin;
  /** Of all variants together. */
  readonly units?: number;
  /** Units that share a variant in clusters, such as messages of a conversation. */
  readonly clusters?: { readonly meanSize: number; readonly correlation: number };
  /** Of the metric with what is known of a unit from before, in (-1, 1): what it explains is no noise. */
  readonly correlation?: number;
  /** That take part, of all variants together. */
  readonly unitsPerDay?: number;
}

/** What an experiment takes, or what it finds. */
export type PlannedUnits = PlannedAnswer & {
  /** Of all variants together. */
  readonly units: number;
  /** Of each variant, in the order of the shares. */
  readonly variants: readonly number[];
  /** Error rate of one comparison, two-sided: a margin's is twice that of its side. */
  readonly level: number;
  /** What units cost more than independent ones, looked at once; 1 is nothing. */
  readonly inflation: Inflation;
  readonly runTime?: RunTime;
};

/** What was asked: with an effect or a margin the units, with these and units the power, with units alone the effect. */
type PlannedAnswer =
  | { readonly answer: "units" }
  | { readonly answer: "power"; readonly power: number }
  | {
      readonly answer: "effect";
      /** The least change upwards and downwards that is found; absent where none is large enough. */
      readonly upwards?: number;
      readonly downwards?: number;
    };

/** Factors of the units. */
export interface Inflation {
  readonly looks: number;
  readonly clusters: number;
  /** At most 1. */
  readonly covariate: number;
}

/**
 * Plans an experiment by the methods of `requiredUnits`, `plannedPower` and `detectableEffect`: the treatment that needs most
 * decides. Several treatments share the error rate evenly (Bonferroni). Looks at any time are by a confidence sequence that is
 * tightest at these units, and the power is that at these units.
 * Refuses as those do, and `bad-value` for shares, a correlation, an effect beyond the margin, effect and margin on two scales,
 * or where neither effect, margin nor units are given.
 */
export function planUnits(question: UnitsQuestion): Result<PlannedUnits, Refusal> {
  const refusal = refusedQuestion(question);
  if (refusal) return refusal;
  const { alpha, margin, shares, power } = question;
  const level = margin ? 2 * alpha : alpha / (shares.length - 1);
  const inflation = inflationOf(question, level);
  if (!inflation.ok) return inflation;
  const scale = (margin ?? question.effect)?.scale ?? "absolute";
  const base = { metric: question.metric, scale, alpha: level, nullDifference: margin?.value ?? 0 } as const;
  const plans = shares.slice(1).map((share): PairPlan => {
    const both = share + (shares[0] ?? 0);
    return { share: both, plan: { ...base, treatmentShare: share / both } };
  });
  const known = { question, level, inflation: inflation.value, power };
  const answered = answerOf(plans, known);
  if (!answered.ok) return answered;
  const variants = shares.map((share) => Math.ceil(answered.value.units * share));
  const units = question.units ?? variants.reduce((sum, count) => sum + count, 0);
  const { unitsPerDay } = question;
  const runTime = unitsPerDay === undefined ? undefined : expectedRunTime({ units, unitsPerDay });
  if (runTime && !runTime.ok) return runTime;
  return ok({
    ...answered.value,
    units,
    variants,
    level,
    inflation: inflation.value,
    ...(runTime && { runTime: runTime.value }),
  });
}

/** One treatment beside the control. */
interface PairPlan {
  /** Of all units, both together. */
  readonly share: number;
  readonly plan: ExperimentPlan;
}

interface Known {
  readonly question: UnitsQuestion;
  readonly level: number;
  readonly inflation: Inflation;
  readonly power: number;
}

function answerOf(
  plans: readonly PairPlan[],
  known: Known,
): Result<PlannedAnswer & { readonly units: number }, Refusal> {
  const { question, inflation } = known;
  const effect = question.effect?.value ?? (question.margin ? 0 : undefined);
  if (effect === undefined) return effectOf(plans, known, question.units ?? 0);
  if (question.units !== undefined) return powerOf(plans, known, { effect, units: question.units });
  const needed = allOf(plans, ({ share, plan }) => {
    const units = requiredUnits({ ...plan, inflation: productOf(inflation) }, { effect, power: known.power });
    return units.ok ? ok(units.value.units / share) : units;
  });
  return needed.ok ? ok({ answer: "units", units: Math.max(...needed.value) }) : needed;
}

/** The treatment that finds least decides; an effect is refused where neither direction has one. */
function effectOf(
  plans: readonly PairPlan[],
  { inflation, power, level }: Known,
  units: number,
): Result<PlannedAnswer & { readonly units: number }, Refusal> {
  const found = (change: Partial<ExperimentPlan>) =>
    allOf(plans, ({ share, plan }) =>
      detectableEffect(
        { ...plan, ...change, inflation: productOf(inflation) },
        { units: units * share, power },
      ),
    );
  const upwards = found({});
  // Downwards a two-sided test is the one-sided one of half the rate.
  const downwards = found({ alternative: "less", alpha: level / 2 });
  if (!upwards.ok && !downwards.ok) return upwards;
  return ok({
    answer: "effect",
    units,
    ...(upwards.ok && { upwards: Math.max(...upwards.value) }),
    ...(downwards.ok && { downwards: Math.min(...downwards.value) }),
  });
}

function powerOf(
  plans: readonly PairPlan[],
  known: Known,
  { effect, units }: { readonly effect: number; readonly units: number },
): Result<PlannedAnswer & { readonly units: number }, Refusal> {
  const found = allOf(plans, ({ share, plan }) =>
    pairPower({ ...plan, inflation: productOf({ ...known.inflation, looks: 1 }) }, known, {
      effect,
      units: units * share,
    }),
  );
  return found.ok ? ok({ answer: "power", units, power: Math.min(...found.value) }) : found;
}

function pairPower(
  plan: ExperimentPlan,
  { question: { looks }, level, power }: Known,
  knowledge: { readonly effect: number; readonly units: number },
): Result<number, Refusal> {
  switch (looks.kind) {
    case "fixed":
      return plannedPower(plan, knowledge);
    case "always-valid":
      return plannedPower({ ...plan, rho: tunedRho(level, knowledge.units) }, knowledge);
    case "group-sequential": {
      // How many standard errors of all units the effect is away: as many as the power wants at the units that it needs.
      const once = requiredUnits(plan, { effect: knowledge.effect, power });
      if (!once.ok) return once;
      const drift = distanceOnce(level, power) * Math.sqrt(knowledge.units / once.value.units);
      const known = groupSequentialPower(sequentialPlan(looks, level), {
        fractions: fractionsOf(looks.looks),
        drift,
      });
      return known.ok ? ok(known.value.power) : known;
    }
  }
}

function inflationOf(
  { looks, power, clusters, correlation = 0 }: UnitsQuestion,
  level: number,
): Result<Inflation, Refusal> {
  const designEffect = clusters ? plannedDesignEffect(clusters) : ok(1);
  if (!designEffect.ok) return designEffect;
  const ofLooks = looksInflation(looks, { level, power });
  if (!ofLooks.ok) return ofLooks;
  return ok({ looks: ofLooks.value, clusters: designEffect.value, covariate: 1 - correlation * correlation });
}

function looksInflation(
  looks: PlannedLooks,
  { level, power }: { readonly level: number; readonly power: number },
): Result<number, Refusal> {
  switch (looks.kind) {
    case "fixed":
      return ok(1);
    case "always-valid": {
      // A sequence that is tightest at the units planned is as wide there, in standard errors, however many these are.
      const critical = criticalDistance({ alpha: level, rho: tunedRho(level, 1) }, 1);
      return ok(((critical + normalQuantile(power)) / distanceOnce(level, power)) ** 2);
    }
    case "group-sequential":
      return sequentialInflation(sequentialPlan(looks, level), {
        fractions: fractionsOf(looks.looks),
        power,
      });
  }
}

/** Standard errors that an effect is away which one look at the end finds with a power. */
function distanceOnce(level: number, power: number): number {
  return criticalDistance({ alpha: level }, 1) + normalQuantile(power);
}

function sequentialPlan({ spending }: Extract<PlannedLooks, { kind: "group-sequential" }>, level: number) {
  return { alpha: level, spending: spendingOf[spending] };
}

function fractionsOf(looks: number): readonly number[] {
  return Array.from({ length: looks }, (_, look) => (look + 1) / looks);
}

function productOf({ looks, clusters, covariate }: Inflation): number {
  return looks * clusters * covariate;
}

/** What each pair says, or the first refusal. */
function allOf(
  plans: readonly PairPlan[],
  ask: (pair: PairPlan) => Result<number, Refusal>,
): Result<readonly number[], Refusal> {
  const values: number[] = [];
  for (const pair of plans) {
    const answer = ask(pair);
    if (!answer.ok) return failed(answer.error);
    values.push(answer.value);
  }
  return ok(values);
}

function refusedQuestion({
  shares,
  effect,
  margin,
  units,
  alpha,
  power,
  correlation = 0,
}: UnitsQuestion): { readonly ok: false; readonly error: Refusal } | undefined {
  const badRate = refusedLevel(margin ? 2 * alpha : alpha) ?? refusedPower(power);
  if (badRate) return badRate;
  if (shares.length < 2 || !shares.every((share) => share > 0 && share < 1)) {
    return refused(
      "bad-value",
      `Two or more shares above 0 and below 1 are wanted, they are ${shares.join(", ")}`,
    );
  }
  if (!(Math.abs(correlation) < 1)) {
    return refused("bad-value", `A correlation is above -1 and below 1, it is ${correlation}`);
  }
  if (!effect && !margin && units === undefined) {
    return refused("bad-value", "An effect, a margin, or units are wanted");
  }
  if (!effect || !margin) return undefined;
  if (effect.scale !== margin.scale) {
    return refused("bad-value", "An effect and a margin are both of the metric, or both shares of its value");
  }
  const room = margin.value - effect.value;
  if (room * margin.value > 0) return undefined;
  return refused("bad-value", "No number of units shows a margin to hold that the effect is at, or beyond");
}
