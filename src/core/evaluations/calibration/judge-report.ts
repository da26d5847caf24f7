import type { CountedCode } from "#core/evaluations/counted-codes.ts";
import type { RunEstimate } from "#core/evaluations/estimates.ts";
import type { RunTable } from "#core/evaluations/run-table.ts";
import { scoreCounts } from "#core/evaluations/scorer-summary.ts";
import { sliceTables } from "#core/evaluations/slices.ts";
import { amountOf, distributionOf } from "#core/evaluations/measured.ts";
import { outcomeCounts, type TargetSummary } from "#core/evaluations/target-summary.ts";
import { judgementScores } from "./judgement-scores.ts";
import { judgedPairs, judgedRatings, judgementsIn } from "./judgements.ts";
import { consistencyOf, pairCalibration, type PairCalibration } from "./pair-calibration.ts";
import { ratingCalibration, type RatingCalibration } from "./rating-calibration.ts";

/** What is known of one judge after a calibration. */
export interface JudgeReport {
  readonly judge: string;
  readonly calibration: PairCalibration | RatingCalibration;
  readonly slices: readonly JudgeSlice[];
  /** Items whose verdict could not be read, and why. */
  readonly unread: readonly CountedCode[];
  /** Failures, cost and latency: of all calls about one item together. */
  readonly measured: Pick<TargetSummary, "outcomes" | "costUsd" | "latencyMs">;
}

/** A judge of the items with one value of a tag. */
export interface JudgeSlice {
  readonly tag: string;
  readonly value: string;
  readonly accuracy: RunEstimate;
  /** Of pairs: the share with the same verdict in both orders. */
  readonly consistency: RunEstimate | undefined;
}

/** What a run of judges tells of one. @param question.alpha error rate in (0, 1) of each interval */
export function judgeReport(
  table: RunTable,
  question: { readonly judge: string; readonly kind: "pairs" | "ratings"; readonly alpha: number },
): JudgeReport {
  const { judge, kind, alpha } = question;
  const { calibrationIn, consistencyIn } =
    kind === "pairs" ? pairReading(table, judge, alpha) : ratingReading(table, judge, alpha);
  return {
    judge,
    calibration: calibrationIn(() => true),
    slices: sliceTables(table, (isIn) => calibrationIn(isIn).accuracy).flatMap(({ tag, slices }) =>
      slices.map(({ value, estimate }) => ({
        tag,
        value,
        accuracy: estimate,
        consistency: consistencyIn(isOf(table, tag, value)),
      })),
    ),
    unread: scoreCounts(table, { target: judge, scorer: judgementScores.verdict }).unscored,
    measured: {
      outcomes: outcomeCounts(table, judge),
      costUsd: amountOf(table, { target: judge, measure: "cost_usd", alpha }),
      latencyMs: distributionOf(table, { target: judge, measure: "latency_ms", alpha }),
    },
  };
}

type IsIn = (place: number) => boolean;

interface Reading {
  readonly calibrationIn: (isIn: IsIn) => PairCalibration | RatingCalibration;
  readonly consistencyIn: (isIn: IsIn) => RunEstimate | undefined;
}

function pairReading(table: RunTable, judge: string, alpha: number): Reading {
  const pairs = judgedPairs(table, judge);
  return {
    calibrationIn: (isIn) => pairCalibration(judgementsIn(pairs, isIn), alpha),
    consistencyIn: (isIn) => consistencyOf(judgementsIn(pairs, isIn), alpha),
  };
}

function ratingReading(table: RunTable, judge: string, alpha: number): Reading {
  const ratings = judgedRatings(table, judge);
  return {
    calibrationIn: (isIn) => ratingCalibration(judgementsIn(ratings, isIn), alpha),
    consistencyIn: () => undefined,
  };
}

function isOf({ items }: RunTable, tag: string, value: string): IsIn {
  const at = items.tagValues(tag).indexOf(value);
  return (place) => items.tagOf(tag, place) === at;
}
