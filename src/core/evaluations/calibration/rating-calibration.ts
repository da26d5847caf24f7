import type { RunEstimate } from "#core/evaluations/estimates.ts";
import { differenceOf, errorRateOf, kappaOf, shareOf } from "./judgement-estimates.ts";
import type { JudgedRating, Judgements } from "./judgements.ts";
import type { ErrorRates, LengthBias } from "./pair-calibration.ts";

/** How far a judge of single answers agrees with humans. What is undefined has no items to tell it. */
export interface RatingCalibration {
  readonly kind: "ratings";
  /** Share of answers that both let pass, or both fail. */
  readonly accuracy: RunEstimate | undefined;
  readonly kappa: RunEstimate | undefined;
  /** Passes of the judge, and of the humans, among all. */
  readonly judgePasses: RunEstimate | undefined;
  readonly humanPasses: RunEstimate | undefined;
  /** Passes among answers that humans fail: of the longer half of them, and of the shorter one. */
  readonly lengthBias: LengthBias | undefined;
  readonly errorRates: ErrorRates;
}

/** How far a judge of single answers agrees with humans. @param alpha error rate in (0, 1) of each interval */
export function ratingCalibration(ratings: Judgements<JudgedRating>, alpha: number): RatingCalibration {
  const [passed, failed] = [judged(ratings, true), judged(ratings, false)];
  return {
    kind: "ratings",
    accuracy: shareOf(ratings, { share: (one) => Number(one.passed === one.human), alpha }),
    kappa: kappaOf(ratings, {
      one: (one) => Number(one.passed),
      other: ({ human }) => Number(human),
      alpha,
    }),
    judgePasses: shareOf(ratings, { share: (one) => Number(one.passed), alpha }),
    humanPasses: shareOf(ratings, { share: ({ human }) => Number(human), alpha }),
    lengthBias: lengthBiasOf(failed, alpha),
    errorRates: {
      sensitivity: errorRateOf(passed, { share: (one) => one.passed, alpha }),
      specificity: errorRateOf(failed, { share: (one) => !one.passed, alpha }),
    },
  };
}

function judged({ items, all }: Judgements<JudgedRating>, human: boolean): Judgements<JudgedRating> {
  return { items, all: all.filter((one) => one.human === human) };
}

function lengthBiasOf(failed: Judgements<JudgedRating>, alpha: number): LengthBias | undefined {
  const lengths = failed.all.map(({ length }) => length).toSorted((a, b) => a - b);
  const middle = lengths[Math.floor(lengths.length / 2)] ?? 0;
  const of = (isLong: boolean): RunEstimate | undefined =>
    shareOf(
      { ...failed, all: failed.all.filter(({ length }) => length >= middle === isLong) },
      { share: (one) => Number(one.passed), alpha },
    );
  const [towards, against] = [of(true), of(false)];
  return towards && against ? { towards, against, bias: differenceOf(against, towards) } : undefined;
}
