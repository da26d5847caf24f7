import { shareOfItems, type RunEstimate } from "#core/evaluations/estimates.ts";
import { itemValues } from "#core/evaluations/item-values.ts";
import type { RunTable } from "#core/evaluations/run-table.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { correctedRate } from "#core/statistics/judged-rate.ts";
import { effectiveTrials } from "./judgement-estimates.ts";
import type { ErrorRates } from "./pair-calibration.ts";

/** The share of a target's answers that a judge lets pass, and what humans would. */
export interface CorrectedScore {
  readonly target: string;
  readonly scorer: string;
  /** The judge's own share. */
  readonly judged: RunEstimate;
  readonly errorRates: ErrorRates;
  /** By Rogan and Gladen, see `correctedRate`; or why there is no saying. */
  readonly corrected: Result<RunEstimate, string>;
}

/** What is corrected, and by what. */
export interface CorrectionQuestion {
  readonly target: string;
  readonly scorer: string;
  readonly errorRates: ErrorRates;
  /** Error rate in (0, 1) of the interval. */
  readonly alpha: number;
}

/**
 * A target's share of passes corrected by the error rates of its judge; undefined where the judge said nothing. Assumes that the
 * judge errs on these answers as on those that humans judged, which are others.
 */
export function correctedScore(table: RunTable, question: CorrectionQuestion): CorrectedScore | undefined {
  const { target, scorer, errorRates, alpha } = question;
  const values = itemValues(table, { target, metric: { kind: "pass", scorer } });
  const judged = shareOfItems(table.items, values, alpha);
  if (!judged) return undefined;
  const trials = effectiveTrials(table.items, values, alpha);
  return { target, scorer, judged, errorRates, corrected: corrected({ judged, trials }, question) };
}

function corrected(
  { judged, trials }: { readonly judged: RunEstimate; readonly trials: number },
  { errorRates: { sensitivity, specificity }, alpha }: CorrectionQuestion,
): Result<RunEstimate, string> {
  if (!sensitivity) return failed("Humans let nothing pass that the judge was asked about");
  if (!specificity) return failed("Humans failed nothing that the judge was asked about");
  const found = correctedRate({
    judged: { share: judged.value, trials },
    sensitivity: { share: sensitivity.value, trials: sensitivity.trials },
    specificity: { share: specificity.value, trials: specificity.trials },
    alpha,
  });
  if (!found.ok) return failed(found.error.reason);
  const { rate: value, interval, standardError } = found.value;
  return ok({ value, interval, standardError, items: judged.items, units: judged.units });
}
