import { addedCounts } from "#core/scoring/added-counts.ts";
import { detectableEffect } from "#core/statistics/experiment-plan.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { costPerPass, type CostPerPass } from "./cost-per-pass.ts";
import { countedCodes, type CountedCode } from "./counted-codes.ts";
import { meanOfItems, shareOfItems, type RunEstimate } from "./estimates.ts";
import { itemValues, type ErrorReading, type ItemValues } from "./item-values.ts";
import { repeatReport, type RepeatReport } from "./repeats.ts";
import type { RunTable } from "./run-table.ts";
import { sliceTables, type SliceTable } from "./slices.ts";
import { unitMoments } from "./unit-sums.ts";

/** What a target is worth by one scorer. */
export interface ScorerSummary {
  readonly scorer: string;
  /** Answers with a score. */
  readonly scored: number;
  /** Answers without, by the reason. */
  readonly unscored: readonly CountedCode[];
  /** What the scorer counted, over all its scores; empty for scorers that count nothing. */
  readonly counts: readonly number[];
  /** Whether scores pass or do not: then `main` is the share that does. */
  readonly hasVerdicts: boolean;
  /** The share that passes, else the mean score; what failed left out. Undefined where nothing is scored. */
  readonly main: RunEstimate | undefined;
  /** The same with what failed counted as wrong; undefined for scores that are not from 0 to 1, of which 0 is not the worst. */
  readonly errorsAsWrong: RunEstimate | undefined;
  /** The mean score where `main` is a share. */
  readonly meanScore: RunEstimate | undefined;
  /** Of scorers with verdicts. */
  readonly costPerPass: CostPerPass | undefined;
  readonly repeats: RepeatReport | undefined;
  readonly slices: readonly SliceTable[];
  /**
   * The smallest difference to another target asked the same number of other items, that would be told from none in 80 % of runs;
   * asked the same items, most often less is told: see a comparison's. Undefined where nothing varies.
   */
  readonly detectable: number | undefined;
}

/** Which scorer, by the view of which target. */
export interface ScorerQuestion {
  readonly target: string;
  readonly scorer: string;
  /** Error rate in (0, 1) of each interval. */
  readonly alpha: number;
}

/** The power with which a detectable difference would be found. */
export const detectablePower = 0.8;

/** What a target is worth by one scorer. */
export function scorerSummary(table: RunTable, question: ScorerQuestion): ScorerSummary {
  const { scorer, alpha } = question;
  const counts = scoreCounts(table, question);
  const hasVerdicts = counts.withVerdict > 0;
  const read = (errors: ErrorReading): ItemValues => mainValues(table, { ...question, hasVerdicts, errors });
  const estimate = hasVerdicts ? shareOfItems : meanOfItems;
  const values = read("left-out");
  return {
    scorer,
    scored: counts.scored,
    unscored: counts.unscored,
    counts: countSums(table, question),
    hasVerdicts,
    main: estimate(table.items, values, alpha),
    errorsAsWrong: counts.areShares ? estimate(table.items, read("as-wrong"), alpha) : undefined,
    meanScore: hasVerdicts
      ? meanOfItems(table.items, mainValues(table, { ...question, hasVerdicts: false }), alpha)
      : undefined,
    costPerPass: hasVerdicts ? costPerPass(table, question) : undefined,
    repeats: hasVerdicts ? repeatReport(table, question) : undefined,
    slices: sliceTables(table, (isIn) =>
      estimate(table.items, mainValues(table, { ...question, hasVerdicts, isIn }), alpha),
    ),
    detectable: detectableBeside(table, values, alpha),
  };
}

function countSums(table: RunTable, { target, scorer }: ScorerQuestion): readonly number[] {
  return table
    .answersOf(target)
    .map((columns) => columns.countsOf(scorer, table.items.count))
    .reduce((sums, counts) => addedCounts(sums, counts), []);
}

/** Items' shares of passes where a scorer has verdicts, else their mean scores. */
function mainValues(
  table: RunTable,
  {
    target,
    scorer,
    hasVerdicts,
    errors = "left-out",
    isIn = () => true,
  }: ScorerQuestion & {
    readonly hasVerdicts: boolean;
    readonly errors?: ErrorReading;
    readonly isIn?: (place: number) => boolean;
  },
): ItemValues {
  return itemValues(table, {
    target,
    metric: { kind: hasVerdicts ? "pass" : "score", scorer },
    errors,
    isIn,
  });
}

/** What a scorer said of all answers of a target. */
export interface ScoreCounts {
  readonly scored: number;
  readonly withVerdict: number;
  readonly unscored: readonly CountedCode[];
  /** Whether each score is in [0, 1]. */
  readonly areShares: boolean;
}

/** What a scorer said of all answers of a target. */
export function scoreCounts(
  table: RunTable,
  { target, scorer }: Pick<ScorerQuestion, "target" | "scorer">,
): ScoreCounts {
  let [scored, withVerdict, areShares] = [0, 0, true];
  const unscored: string[] = [];
  for (const columns of table.answersOf(target)) {
    for (let place = 0; place < table.items.count; place += 1) {
      const score = columns.scoreOf(place, scorer);
      if (score?.kind === "unscored") unscored.push(score.code);
      if (score?.kind !== "scored") continue;
      scored += 1;
      if (score.passed !== undefined) withVerdict += 1;
      if (score.value < 0 || score.value > 1) areShares = false;
    }
  }
  return { scored, withVerdict, unscored: countedCodes(unscored), areShares };
}

function detectableBeside(table: RunTable, values: ItemValues, alpha: number): number | undefined {
  const moments = unitMoments(table.items, values);
  const sample = moments.ok ? ratioSample(moments.value) : moments;
  if (!sample.ok) return undefined;
  const { count, mean, variance } = sample.value;
  const plan = { metric: { kind: "mean", mean, variance } as const, alpha };
  const found = detectableEffect(plan, { units: 2 * count, power: detectablePower });
  return found.ok ? found.value : undefined;
}
