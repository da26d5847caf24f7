import { judgedOf, type AnalysedMetric, type Judged } from "#core/experiments/comparisons/analysed-metric.ts";
import type { AnalysisPlan, Design } from "#core/experiments/plan/analysis-plan.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import { progressOf, type UnitCounts } from "#core/experiments/units/unit-counts.ts";
import { neededTexts, type Undecided } from "#core/experiments/units/needed-units.ts";
import { goalText, guardrailText } from "./verdict-text.ts";

/** What to do, and why. */
export interface Verdict {
  readonly decision: Decision;
  /** The variant to ship; absent unless the decision is that. */
  readonly variant?: string;
  /** The decision as a sentence. */
  readonly sentence: string;
  /** What it rests on, each a sentence. */
  readonly reasons: readonly string[];
  /** What would make it another, each a sentence. */
  readonly wouldChange: readonly string[];
  /** Of each variant beside the control. */
  readonly byVariant: readonly VariantVerdict[];
}

/** Ship a variant, stay with the control, wait for more, or distrust the data. */
export type Decision = "ship" | "do-not-ship" | "keep-running" | "invalid";

/** What is to be done with one variant. */
export interface VariantVerdict {
  readonly variant: string;
  readonly decision: Decision;
  readonly reasons: readonly string[];
  readonly wouldChange: readonly string[];
}

/** What a verdict is given on. */
export interface VerdictInput {
  readonly metrics: readonly AnalysedMetric[];
  readonly findings: readonly Finding[];
  readonly counts: UnitCounts;
}

/**
 * The verdict. Invalid where a finding says so. A variant ships when a primary metric is better, none is worse, and every
 * guardrail holds; where there are no primary metrics, when every guardrail holds. It does not where a primary is worse, a
 * guardrail is broken, every effect is smaller than what matters, or the planned end is reached without more.
 */
export function verdictOf(plan: AnalysisPlan, input: VerdictInput): Verdict {
  const broken = input.findings.filter(({ severity }) => severity === "invalid");
  const treatments = [...plan.shares.keys()].filter((variant) => variant !== plan.control);
  if (broken.length > 0) return withoutMetrics("invalid", broken, treatments);
  const early = input.findings.filter(({ severity }) => severity === "wait");
  if (early.length > 0) return withoutMetrics("keep-running", early, treatments);
  const byVariant = treatments.map((variant) => variantVerdict(plan, input, variant));
  const waiting = byVariant.find(({ decision }) => decision === "keep-running");
  const best = bestShipped(byVariant, input.metrics) ?? waiting ?? byVariant[0];
  if (!best) return withoutMetrics("invalid", [], treatments);
  const { decision, variant, reasons, wouldChange } = best;
  return {
    decision,
    ...(decision === "ship" && { variant }),
    sentence: `${opening(decision, variant, plan.control)}: ${reasons.join("; ")}`,
    reasons,
    wouldChange,
    byVariant,
  };
}

/** A verdict that findings alone give, whatever the metrics say. */
function withoutMetrics(
  decision: "invalid" | "keep-running",
  findings: readonly Finding[],
  treatments: readonly string[],
): Verdict {
  const reasons = findings.length > 0 ? findings.map(({ text }) => text) : ["there is nothing to compare"];
  const wouldChange = [...new Set(findings.flatMap(({ code }) => remedies[code] ?? []))];
  return {
    decision,
    sentence: `${opening(decision, "", "")}: ${reasons.join("; ")}`,
    reasons,
    wouldChange,
    byVariant: treatments.map((variant) => ({ variant, decision, reasons, wouldChange })),
  };
}

/** What helps against findings that make results invalid. */
const remedies: Partial<Readonly<Record<Finding["code"], string>>> = {
  "sample-ratio": "Find what assigns or loses units unevenly, mend it, and start a new phase",
  "segment-sample-ratio":
    "Find what assigns or loses units of that segment unevenly, mend it, and start a new phase",
  "mixed-units": "Find why units meet more than one variant, mend it, and start a new phase",
  "too-few-units": "More units",
  "too-short": "More days",
  "before-horizon":
    "Wait for the planned number of units, or plan looks (looks, spending) or an always-valid design before the start",
  "unknown-horizon": "Times of units, or a plan that ends after so many units",
  "version-drift": "Start a new phase with the version that answers now",
  "one-variant": "Data of the control and of one other variant",
};

function variantVerdict(
  plan: AnalysisPlan,
  { metrics, counts }: VerdictInput,
  variant: string,
): VariantVerdict {
  const goals = judgedOf(metrics, "primary", variant);
  const guardrails = judgedOf(metrics, "guardrail", variant);
  const worse = goals.filter(({ comparison }) => comparison.judgement === "worse");
  const broken = guardrails.filter(({ comparison }) => comparison.judgement === "broken");
  if (worse.length + broken.length > 0) {
    const reasons = [...worse.map(goalText), ...broken.map(guardrailText)];
    return {
      variant,
      decision: "do-not-ship",
      reasons,
      wouldChange: ["Another variant: more data do not mend this"],
    };
  }
  const better = goals.filter(({ comparison }) => comparison.judgement === "better");
  const isWanted = better.length > 0 || goals.length === 0;
  const unproven = guardrails.filter(({ comparison }) => comparison.judgement !== "held");
  if (isWanted && unproven.length === 0 && goals.length + guardrails.length > 0) {
    return {
      variant,
      decision: "ship",
      reasons: [...better.map(goalText), ...guardrails.map(guardrailText)],
      wouldChange: ["A guardrail that breaks, or a sample ratio that goes off, while it is rolled out"],
    };
  }
  const units = (counts.all.get(plan.control) ?? 0) + (counts.all.get(variant) ?? 0);
  const openGoals = better.length > 0 ? [] : goals;
  return undecided(plan, variant, { goals, better, openGoals, unproven, units, counts });
}

/** What holds where nothing is shown yet: wait, or, where waiting brings nothing, stay. */
function undecided(
  plan: AnalysisPlan,
  variant: string,
  known: Undecided & {
    readonly goals: readonly Judged[];
    readonly better: readonly Judged[];
    readonly counts: UnitCounts;
  },
): VariantVerdict {
  const { goals, better, unproven } = known;
  const negligible = goals.filter(({ comparison }) => comparison.judgement === "negligible");
  const isFutile = negligible.length > 0 && negligible.length === goals.length;
  const open = [...(better.length > 0 ? better : goals).map(goalText), ...unproven.map(guardrailText)];
  if (isFutile) {
    const wouldChange = ["A smaller effect that matters (minimum_effect)"];
    return { variant, decision: "do-not-ship", reasons: negligible.map(goalText), wouldChange };
  }
  const wouldChange = neededTexts(known, plan.power);
  if (!isOver(plan.design, known.counts))
    return { variant, decision: "keep-running", reasons: open, wouldChange };
  return { variant, decision: "do-not-ship", reasons: [...open, "the planned end is reached"], wouldChange };
}

/** Whether the design takes no more looks. A fixed one whose horizon is not reached is invalid before this is asked. */
function isOver(design: Design, counts: UnitCounts): boolean {
  return design.kind !== "always-valid" && (progressOf(design, counts) ?? 1) >= 1;
}

/** The one to ship with the largest change of the first primary metric for the better. */
function bestShipped(
  verdicts: readonly VariantVerdict[],
  metrics: readonly AnalysedMetric[],
): VariantVerdict | undefined {
  const first = metrics.find(({ plan }) => plan.role === "primary");
  const gain = ({ variant }: VariantVerdict): number => {
    const reading = first?.comparisons.find((one) => one.variant === variant)?.deciding.absolute;
    if (!reading?.ok) return 0;
    return first?.plan.better === "lower" ? -reading.value.value : reading.value.value;
  };
  return verdicts.filter(({ decision }) => decision === "ship").toSorted((a, b) => gain(b) - gain(a))[0];
}

function opening(decision: Decision, variant: string, control: string): string {
  switch (decision) {
    case "ship":
      return `Ship ${variant}`;
    case "do-not-ship":
      return `Stay with ${control}`;
    case "keep-running":
      return "Keep running";
    case "invalid":
      return "No verdict";
  }
}
