import type { JudgeCorrection } from "#core/experiments/plan/judge-correction.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { JointMoments } from "#core/statistics/joint-moments.ts";
import { correctedUnitsRate, judgedSum, predictionPoweredUnits } from "#core/statistics/judged-units.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import {
  correctedArm,
  correctedText,
  correctionAlpha,
  labelsMin,
  labelsOfEachMin,
  type CorrectedValue,
  type JudgeSkill,
} from "./corrected-arm.ts";
import type { MetricArm, MetricArms } from "./metric-arm.ts";

/** A judge's metric of units that have several outputs each. */
export interface JudgedUnitsMetric {
  readonly metric: string;
  readonly correction: Exclude<JudgeCorrection, "none">;
  /** What the judge says. */
  readonly arms: MetricArms;
  /** Of each variant the joint moments of what both said, in the order of `judgedVariables`. */
  readonly units: ReadonlyMap<string, JointMoments>;
}

/** What humans would have said, with the sentence that says so; or why a judge is not corrected. */
export function judgedUnitsArms({
  metric,
  correction,
  arms,
  units,
}: JudgedUnitsMetric): Result<{ readonly arms: MetricArms; readonly text: string }, string> {
  const all = [...units.values()];
  const isShare = all.every((of) => judgedSum(of, "graded") === 0);
  if (correction === "rogan_gladen" && !isShare)
    return failed("by its errors a judge is corrected that passes or fails (1 or 0), as humans do");
  const correct = correction === "rogan_gladen" ? rateOf : meanOf;
  const corrected = [...units].map(([variant, of]): [string, MetricArm] => {
    const about = { variant, missing: arms.arms.get(variant)?.missing ?? 0 };
    const labels = judgedSum(of, "isLabelled");
    return [variant, correctedArm(about, { labels, found: correct(of), isShare })];
  });
  const labels = new Map([...units].map(([variant, of]) => [variant, labelsText(of)]));
  return ok({
    arms: { arms: new Map(corrected), adjusted: { by: "judge", judged: arms } },
    text: correctedText(metric, { correction, skill: isShare ? skillOf(all) : undefined, labels }),
  });
}

function labelsText(of: JointMoments): string {
  return `${judgedSum(of, "labelled")} in ${judgedSum(of, "isLabelled")} units`;
}

function meanOf(units: JointMoments): Result<CorrectedValue, Refusal> {
  const known = judgedSum(units, "isLabelled");
  if (known < labelsMin)
    return refused("too-few", `Humans said something of ${known} units, ${labelsMin} are needed`);
  const found = predictionPoweredUnits({ units, alpha: correctionAlpha });
  return found.ok ? ok({ value: found.value.mean, standardError: found.value.standardError }) : found;
}

function rateOf(units: JointMoments): Result<CorrectedValue, Refusal> {
  const passes = judgedSum(units, "human");
  const failures = judgedSum(units, "labelled") - passes;
  if (Math.min(passes, failures) < labelsOfEachMin) {
    const reason = `Humans passed ${passes} and failed ${failures}: ${labelsOfEachMin} of each are needed to know how a judge errs`;
    return refused("too-few", reason);
  }
  const found = correctedUnitsRate({ units, alpha: correctionAlpha });
  if (!found.ok) return found;
  const { rate, standardError, interval } = found.value;
  if (interval[0] === 0 && interval[1] === 1)
    return refused("bad-value", "The judge may be no better than chance: nothing can be corrected");
  return ok({ value: rate, standardError });
}

/** Undefined where humans passed or failed nothing. */
function skillOf(all: readonly JointMoments[]): JudgeSkill | undefined {
  const sum = (variable: Parameters<typeof judgedSum>[1]): number =>
    all.reduce((total, of) => total + judgedSum(of, variable), 0);
  const passes = sum("human");
  const failures = sum("labelled") - passes;
  if (passes === 0 || failures === 0) return undefined;
  return { passed: sum("both") / passes, failed: (sum("judge") - sum("both")) / failures };
}
