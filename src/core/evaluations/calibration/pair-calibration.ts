import type { RunEstimate } from "#core/evaluations/estimates.ts";
import {
  differenceOf,
  errorRateOf,
  kappaOf,
  meanOf,
  shareOf,
  type ErrorRate,
} from "./judgement-estimates.ts";
import { categoryOf } from "./judgement-scores.ts";
import type { JudgedPair, Judgements } from "./judgements.ts";

/** How far a judge of pairs agrees with humans, and by what it is led astray. What is undefined has no items to tell it. */
export interface PairCalibration {
  readonly kind: "pairs";
  /** Share of verdicts that are the human's, both orders together, and in each; a tie is right where the human says so. */
  readonly accuracy: RunEstimate | undefined;
  readonly accuracyAsA: RunEstimate | undefined;
  readonly accuracyAsB: RunEstimate | undefined;
  /** Share of items that are judged rightly in both orders. */
  readonly bothRight: RunEstimate | undefined;
  /** Share of items with the same verdict in both orders. */
  readonly consistency: RunEstimate | undefined;
  /** Cohen's kappa of judge and human in each order, and of both orders of the judge. */
  readonly kappaAsA: RunEstimate | undefined;
  readonly kappaAsB: RunEstimate | undefined;
  readonly kappaOfOrders: RunEstimate | undefined;
  /** See `positionBias` of the statistics: above 0 the judge prefers what stands first. */
  readonly positionBias: RunEstimate | undefined;
  readonly lengthBias: LengthBias | undefined;
  readonly errorRates: ErrorRates;
}

/** How often a judge errs in favour of length, and against it. */
export interface LengthBias {
  /** Share of verdicts for the longer answer where the human says the shorter one, or does not let it pass. */
  readonly towards: RunEstimate;
  /** Of pairs: for the shorter one where the human says the longer; of single answers: passes among the shorter ones that the human fails. */
  readonly against: RunEstimate;
  /** `towards` less `against`: 0 for a judge whose errors have nothing to do with length. */
  readonly bias: RunEstimate;
}

/** How often a judge lets pass what humans do, and fails what they fail: by these a run's scores are corrected. */
export interface ErrorRates {
  /** Items that humans let pass; of pairs: whose first answer is better. */
  readonly sensitivity: ErrorRate | undefined;
  /** Items that humans fail; of pairs: whose second answer is better. */
  readonly specificity: ErrorRate | undefined;
}

/** How far a judge of pairs agrees with humans. @param alpha error rate in (0, 1) of each interval */
export function pairCalibration(pairs: Judgements<JudgedPair>, alpha: number): PairCalibration {
  return {
    kind: "pairs",
    accuracy: shareOf(pairs, {
      share: (pair) => (isRightAsA(pair) + isRightAsB(pair)) / 2,
      verdicts: 2,
      alpha,
    }),
    accuracyAsA: shareOf(pairs, { share: isRightAsA, alpha }),
    accuracyAsB: shareOf(pairs, { share: isRightAsB, alpha }),
    bothRight: shareOf(pairs, { share: (pair) => isRightAsA(pair) * isRightAsB(pair), alpha }),
    consistency: consistencyOf(pairs, alpha),
    kappaAsA: kappaOf(pairs, { one: verdictAsA, other: humanOf, alpha }),
    kappaAsB: kappaOf(pairs, { one: verdictAsB, other: humanOf, alpha }),
    kappaOfOrders: kappaOf(pairs, { one: verdictAsA, other: verdictAsB, alpha }),
    positionBias: meanOf(pairs, { value: ({ asA, asB }) => (asA - asB) / 2, alpha }),
    lengthBias: lengthBiasOf(pairs, alpha),
    errorRates: {
      sensitivity: errorRateOf(judged(pairs, 1), { share: ({ passed }) => passed, alpha }),
      specificity: errorRateOf(judged(pairs, 0), { share: ({ passed }) => !passed, alpha }),
    },
  };
}

function humanOf({ human }: JudgedPair): number {
  return human;
}

function verdictAsA({ asA }: JudgedPair): number {
  return categoryOf(asA);
}

function verdictAsB({ asB }: JudgedPair): number {
  return categoryOf(asB);
}

function isRightAsA(pair: JudgedPair): number {
  return Number(verdictAsA(pair) === pair.human);
}

function isRightAsB(pair: JudgedPair): number {
  return Number(verdictAsB(pair) === pair.human);
}

/** Share of items with the same verdict in both orders; undefined without items. */
export function consistencyOf(pairs: Judgements<JudgedPair>, alpha: number): RunEstimate | undefined {
  return shareOf(pairs, {
    share: (pair) => Number(verdictAsA(pair) === verdictAsB(pair)),
    alpha,
  });
}

function judged(pairs: Judgements<JudgedPair>, human: number): Judgements<JudgedPair> {
  return { ...pairs, all: pairs.all.filter((pair) => pair.human === human) };
}

/** Pairs of one length, and those that humans call a tie, say nothing of it. */
function lengthBiasOf(pairs: Judgements<JudgedPair>, alpha: number): LengthBias | undefined {
  const of = (isLongerBetter: boolean): RunEstimate | undefined =>
    shareOf(
      {
        ...pairs,
        all: pairs.all.filter(
          ({ human, lengthDifference }) =>
            human !== 0.5 &&
            lengthDifference !== 0 &&
            (lengthDifference > 0 === (human === 1)) === isLongerBetter,
        ),
      },
      { share: wrongShare, verdicts: 2, alpha },
    );
  const [towards, against] = [of(false), of(true)];
  return towards && against ? { towards, against, bias: differenceOf(against, towards) } : undefined;
}

/** Of both orders, for the answer that the human does not prefer; a tie is half of it. */
function wrongShare({ asA, asB, human }: JudgedPair): number {
  return Math.abs((asA + asB) / 2 - human);
}
