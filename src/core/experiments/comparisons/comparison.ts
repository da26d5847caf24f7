import { ok, type Result } from "#core/kernel/result.ts";
import { confidenceSequence, tunedRho } from "#core/statistics/confidence-sequence.ts";
import { fisherExact } from "#core/statistics/fisher-exact.ts";
import { groupSequentialLook } from "#core/statistics/group-sequential.ts";
import type { Interval } from "#core/statistics/interval.ts";
import type { Proportion } from "#core/statistics/proportion.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import type { Spending as StatisticsSpending } from "#core/statistics/spending.ts";
import { newcombeInterval } from "#core/statistics/two-proportions.ts";
import type { Design, Spending } from "#core/experiments/plan/analysis-plan.ts";
import { differenceOfPair, hasFewEvents, squaredError, type Pair, type ReadingQuestion } from "./pair.ts";

/** An estimate of how far the treatment is from the control. */
export interface Reading {
  /** In the metric's unit, or as a share of the control's value. */
  readonly value: number;
  readonly standardError: number;
  /** Two-sided, at the level asked for. */
  readonly interval: Interval;
  /** Two-sided, of no difference. */
  readonly pValue: number;
}

/**
 * The difference as one look at the end tells it: Welch's test, by the covariate's adjustment where there is one; for few
 * events Newcombe's interval with Fisher's exact test.
 */
export function fixedReading(pair: Pair, question: ReadingQuestion): Result<Reading, Refusal> {
  const exact = question.scale === "absolute" ? exactReading(pair, question.alpha) : undefined;
  if (exact) return exact;
  const found = differenceOfPair(pair, question);
  if (!found.ok) return found;
  const { difference: value, standardError, interval, pValue } = found.value;
  return ok({ value, standardError, interval, pValue });
}

/** The difference as it may be read at any time, again and again: an asymptotic confidence sequence around the same estimate. */
export function anytimeReading(
  pair: Pair,
  question: ReadingQuestion & { readonly unitsExpected?: number | undefined },
): Result<Reading, Refusal> {
  const { alpha, scale } = question;
  const found = differenceOfPair(pair, { alpha, scale });
  if (!found.ok) return found;
  const { difference: value, standardError } = found.value;
  const units = pair.control.sample.count + pair.treatment.sample.count;
  const rho = tunedRho(alpha, question.unitsExpected ?? units);
  const look = confidenceSequence({ value, standardError }, { units, rho, alpha });
  if (!look.ok) return look;
  return ok({ value, standardError, interval: look.value.interval, pValue: look.value.pValue });
}

/** A design, and how far it has come. */
export interface DesignState {
  readonly design: Design;
  /** 0 at the start, 1 at the horizon; undefined where it has none that is known. */
  readonly progress: number | undefined;
}

/** The difference as the design allows it to be judged now. */
export function decidingReading(
  { design, progress }: DesignState,
  pair: Pair,
  question: ReadingQuestion,
): Result<Reading, Refusal> {
  switch (design.kind) {
    case "fixed":
      return fixedReading(pair, question);
    case "always-valid":
      return anytimeReading(pair, { ...question, unitsExpected: design.units });
    case "group-sequential":
      return plannedReading(pair, { ...question, design, progress });
  }
}

/** How a spending by name is computed. */
export const spendingOf: Readonly<Record<Spending, StatisticsSpending>> = {
  "obrien-fleming": { kind: "obrien-fleming" },
  pocock: { kind: "pocock" },
  "power-2": { kind: "power", exponent: 2 },
};

/** Looks closer together than this share of the plan are one. */
const sameLook = 1e-3;

/**
 * The difference at a look of a planned design, earlier looks at their planned times: the repeated confidence interval, and a
 * p-value on the scale of alpha (at or below it exactly where the bound is crossed).
 */
function plannedReading(
  pair: Pair,
  {
    alpha,
    scale,
    design,
    progress,
  }: ReadingQuestion & {
    readonly design: Extract<Design, { kind: "group-sequential" }>;
    readonly progress: number | undefined;
  },
): Result<Reading, Refusal> {
  if (progress === undefined) return refused("bad-value", "How far the design has come is not known");
  const found = differenceOfPair(pair, { alpha, scale });
  if (!found.ok) return found;
  const { difference: value, standardError } = found.value;
  const planned = Array.from({ length: design.looks }, (_, look) => (look + 1) / design.looks);
  const fractions = [...planned.filter((fraction) => fraction < progress - sameLook), progress];
  const look = groupSequentialLook(
    { alpha, spending: spendingOf[design.spending] },
    { fractions, estimate: { value, standardError } },
  );
  if (!look.ok) return look;
  const { interval, pValue, nominalP } = look.value;
  // A look so early that nothing is spent yet has no bound, and no level.
  const scaled = nominalP > 0 ? Math.min(1, (pValue / nominalP) * alpha) : 1;
  return ok({ value, standardError, interval, pValue: scaled });
}

function exactReading({ control, treatment }: Pair, alpha: number): Result<Reading, Refusal> | undefined {
  if (!hasFewEvents(control) && !hasFewEvents(treatment)) return undefined;
  if (control.successes === undefined || treatment.successes === undefined) return undefined;
  const shares = {
    control: { successes: control.successes, trials: control.sample.count },
    treatment: { successes: treatment.successes, trials: treatment.sample.count },
  };
  const interval = newcombeInterval({ ...shares, alpha });
  if (!interval.ok) return interval;
  const exact = fisherExact([rowOf(shares.treatment), rowOf(shares.control)]);
  if (!exact.ok) return exact;
  return ok({
    value: treatment.sample.mean - control.sample.mean,
    standardError: Math.sqrt(squaredError(control) + squaredError(treatment)),
    interval: interval.value,
    pValue: exact.value.pTwoSided,
  });
}

function rowOf({ successes, trials }: Proportion): readonly [number, number] {
  return [successes, trials - successes];
}
