import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { bradleyTerry } from "#core/statistics/bradley-terry.ts";
import { eloOf, type Duel } from "#core/statistics/elo.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { positionBias } from "#core/statistics/position-bias.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { meanOf, studentTested } from "#core/statistics/welch-test.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import { ok, type Result } from "#core/kernel/result.ts";

/** What is known of the duels of one treatment with the control. */
export interface TreatmentDuels {
  readonly variant: string;
  readonly won: number;
  readonly lost: number;
  /** In both orders. */
  readonly tied: number;
  /** The judge said otherwise in the other order: they count as ties. */
  readonly inconsistent: number;
  /** The judge could not be asked, or said nothing that can be read. */
  readonly judgeFailed: number;
  /** A side had no answer. */
  readonly unanswered: number;
  /** What the judge cost, pico-dollars. */
  readonly picoDollars: number;
  /** Each unit's duels that were judged. */
  readonly units: readonly JudgedUnit[];
}

/** The judged duels of one unit: sums of the treatment's scores, 1 for a win, 1/2 for a tie. */
export interface JudgedUnit {
  readonly unit: string;
  readonly judged: number;
  readonly score: number;
  /** As the judge said it where the treatment stood first, and second. */
  readonly scoreFirst: number;
  readonly scoreSecond: number;
}

/** What the duels of one treatment say. */
export interface DuelReading {
  readonly duels: TreatmentDuels;
  /** Share of the judged duels that the treatment won, ties half; as one look tells it, by unit. */
  readonly winRate: Result<Measured, Refusal>;
  /** How much the judge prefers what stands first, in [-1/2, 1/2]; both orders are judged, so that it takes no side. */
  readonly positionBias: Result<Measured, Refusal>;
  /** The treatment's Elo less the control's (Bradley & Terry); absent where there is one treatment, whose win rate says it all. */
  readonly elo?: Result<Pick<Measured, "value" | "interval">, Refusal>;
}

/** An estimate with its error. */
export interface Measured {
  readonly value: number;
  readonly interval: Interval;
  /** Two-sided: of a win rate of one half, or of no bias. */
  readonly pValue: number;
}

/** Judged duels that strengths are made of at most: each is a step of every round of the search for them. */
const strengthDuelsMax = 200_000;

/** Reads duels. Units are independent, duels of one unit are not. */
export function duelReadings(
  control: string,
  treatments: readonly TreatmentDuels[],
  alpha: number,
): readonly DuelReading[] {
  const strengths = treatments.length > 1 ? strengthsOf(control, treatments, alpha) : undefined;
  return treatments.map((duels) => {
    const elo = strengths?.(duels.variant);
    return {
      duels,
      winRate: winRateOf(duels.units, alpha),
      positionBias: biasOf(duels.units, alpha),
      ...(elo && { elo }),
    };
  });
}

/** Sum of scores over judged duels, a ratio over units: its error knows that duels of one unit are alike. */
function winRateOf(units: readonly JudgedUnit[], alpha: number): Result<Measured, Refusal> {
  const moments = crossMomentsOf(
    units.map(({ judged }) => judged),
    units.map(({ score }) => score),
  );
  const sample = moments.ok ? ratioSample(moments.value) : moments;
  if (!sample.ok) return sample;
  const { value, standardError } = meanOf(sample.value);
  const tested = studentTested({ difference: value, standardError }, { alpha, nullDifference: 0.5 }, [
    sample.value,
  ]);
  return tested.ok ? ok({ value, interval: tested.value.interval, pValue: tested.value.pValue }) : tested;
}

/** Over units, each by the mean of its duels. */
function biasOf(units: readonly JudgedUnit[], alpha: number): Result<Measured, Refusal> {
  const scores = crossMomentsOf(
    units.map(({ scoreFirst, judged }) => scoreFirst / judged),
    units.map(({ scoreSecond, judged }) => scoreSecond / judged),
  );
  return scores.ok ? positionBias(scores.value, alpha) : scores;
}

/** Strengths by duels with the control alone: a unit's duels go together, each with the mean of its scores. */
function strengthsOf(
  control: string,
  treatments: readonly TreatmentDuels[],
  alpha: number,
): (variant: string) => NonNullable<DuelReading["elo"]> {
  const duels = treatments.flatMap(({ variant, units }) =>
    units.flatMap((unit) => duelsOf(variant, control, unit)),
  );
  const found = bradleyTerry(duels.slice(0, strengthDuelsMax), { alpha, reference: control });
  return (variant) => {
    if (!found.ok) return found;
    const difference = found.value.find(({ name }) => name === variant)?.versusReference;
    if (!difference) return refused("too-few", `${variant} has no judged duels`);
    const [lower, upper] = difference.interval;
    return ok({ value: eloLead(difference.difference), interval: [eloLead(lower), eloLead(upper)] });
  };
}

function duelsOf(first: string, second: string, { unit, judged, score }: JudgedUnit): readonly Duel[] {
  const duel = { first, second, score: score / judged, cluster: unit };
  return Array.from({ length: judged }, () => duel);
}

/** A lead in log-odds on Elo's scale. */
function eloLead(logOdds: number): number {
  return eloOf(logOdds) - eloOf(0);
}
