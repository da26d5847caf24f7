import type { JudgeReport } from "#core/evaluations/calibration/judge-report.ts";
import type { ErrorRate } from "#core/evaluations/calibration/judgement-estimates.ts";
import type { LengthBias } from "#core/evaluations/calibration/pair-calibration.ts";
import type { RunEstimate } from "#core/evaluations/estimates.ts";
import { present } from "#core/kernel/present.ts";
import type { CalibrationReport } from "./calibration-report.ts";

/** A calibration as JSON. */
export function calibrationView({ run, alpha, judges }: CalibrationReport) {
  const { name, started_at: startedAt, data } = run.manifest;
  return { name, folder: run.folder, started_at: startedAt, data, alpha, judges: judges.map(judgeView) };
}

function judgeView({ judge, calibration, slices, unread, measured }: JudgeReport) {
  const { outcomes, costUsd, latencyMs } = measured;
  return {
    judge,
    ...calibrationPart(calibration),
    length_bias: lengthBiasView(calibration.lengthBias),
    error_rates: {
      sensitivity: errorRateView(calibration.errorRates.sensitivity),
      specificity: errorRateView(calibration.errorRates.specificity),
    },
    slices: slices.map(({ tag, value, accuracy, consistency }) => ({
      tag,
      value,
      accuracy: estimateView(accuracy),
      consistency: estimateView(consistency),
    })),
    asked: outcomes.asked,
    answered: outcomes.answered,
    failures: outcomes.failures,
    unread,
    cost_usd: { total: costUsd.total, known: costUsd.known, per_item: estimateView(costUsd.perItem) },
    latency_ms: latencyMs
      ? {
          mean: estimateView(latencyMs.mean),
          p50: estimateView(latencyMs.p50),
          p95: estimateView(latencyMs.p95),
        }
      : null,
  };
}

function calibrationPart(calibration: JudgeReport["calibration"]) {
  if (calibration.kind === "ratings")
    return {
      of: "ratings",
      accuracy: estimateView(calibration.accuracy),
      kappa: estimateView(calibration.kappa),
      judge_passes: estimateView(calibration.judgePasses),
      human_passes: estimateView(calibration.humanPasses),
    };
  return {
    of: "pairs",
    accuracy: estimateView(calibration.accuracy),
    accuracy_in_first_place: estimateView(calibration.accuracyAsA),
    accuracy_in_second_place: estimateView(calibration.accuracyAsB),
    right_in_both_orders: estimateView(calibration.bothRight),
    consistency: estimateView(calibration.consistency),
    kappa_in_first_place: estimateView(calibration.kappaAsA),
    kappa_in_second_place: estimateView(calibration.kappaAsB),
    kappa_of_orders: estimateView(calibration.kappaOfOrders),
    position_bias: estimateView(calibration.positionBias),
  };
}

function lengthBiasView(bias: LengthBias | undefined) {
  if (!bias) return null;
  return {
    errs_for_longer: estimateView(bias.towards),
    errs_for_shorter: estimateView(bias.against),
    bias: estimateView(bias.bias),
  };
}

function errorRateView(rate: ErrorRate | undefined) {
  return rate ? { ...estimateView(rate), trials: rate.trials } : null;
}

function estimateView(estimate: RunEstimate | undefined) {
  if (!estimate) return null;
  const { value, interval, items, units, why } = estimate;
  return { value, interval: interval ?? null, items, units, ...present({ why }) };
}
