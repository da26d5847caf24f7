import { analyse } from "#core/experiments/analyse.ts";
import type { AnalysisPlan, Design, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArm } from "#core/experiments/comparisons/metric-arm.ts";
import { SeededChance } from "../../test/support/seeded-chance.ts";

/** Experiments that are looked at again and again, and stopped as soon as a difference is told. */
export interface LookedAt {
  readonly design: Design;
  readonly runs: number;
  readonly looks: number;
  /** Units of each variant at the last look. */
  readonly units: number;
  /** The share of units with the event in the control, and in the treatment. */
  readonly shares: { readonly control: number; readonly treatment: number };
  readonly seed: number;
}

/** What became of them, as shares of all runs. */
export interface Outcomes {
  /** A look judged the treatment better, or worse. */
  readonly better: number;
  readonly worse: number;
  /** The interval of the difference missed the truth at a look. */
  readonly missed: number;
  /** Units of both variants, on average, when they ended. */
  readonly unitsMean: number;
}

const metric: MetricPlan = {
  name: "resolved",
  role: "primary",
  better: "higher",
  column: "resolved",
  aggregation: { kind: "mean" },
};

/** Runs the experiments through the analysis that commands and controllers use. */
export function lookedAt(input: LookedAt): Outcomes {
  const chance = new SeededChance(input.seed, JSON.stringify(input.design));
  let [better, worse, missed, units] = [0, 0, 0, 0];
  for (let run = 0; run < input.runs; run++) {
    const ended = oneRun(input, chance);
    if (ended.judgement === "better") better++;
    if (ended.judgement === "worse") worse++;
    if (ended.missed) missed++;
    units += ended.units;
  }
  const { runs } = input;
  return { better: better / runs, worse: worse / runs, missed: missed / runs, unitsMean: units / runs };
}

function oneRun({ design, looks, units, shares }: LookedAt, chance: SeededChance) {
  const plan = planOf(design);
  const truth = shares.treatment - shares.control;
  const events = { control: 0, treatment: 0 };
  let missed = false;
  for (let look = 1; look <= looks; look++) {
    const now = Math.round((units * look) / looks);
    for (let unit = Math.round((units * (look - 1)) / looks); unit < now; unit++) {
      if (chance.happens(shares.control)) events.control++;
      if (chance.happens(shares.treatment)) events.treatment++;
    }
    const comparison = analysed(plan, events, now).metrics[0]?.comparisons[0];
    const reading = comparison?.deciding.absolute;
    if (!comparison || !reading?.ok) throw new Error("Cannot look at an experiment: a reading is wanted");
    const [lower, upper] = reading.value.interval;
    missed ||= lower > truth || upper < truth;
    const { judgement } = comparison;
    if (look === looks || judgement !== "open") return { judgement, missed, units: 2 * now };
  }
  throw new Error("Cannot look at an experiment: at least one look is wanted");
}

function analysed(
  plan: AnalysisPlan,
  events: { readonly control: number; readonly treatment: number },
  count: number,
) {
  const arm = (variant: "control" | "treatment"): [string, MetricArm] => {
    const mean = events[variant] / count;
    const sample = { count, mean, variance: (mean * (1 - mean) * count) / (count - 1) };
    return [variant, { variant, sample, successes: events[variant], missing: 0 }];
  };
  return analyse(plan, {
    counts: {
      all: new Map([
        ["control", count],
        ["treatment", count],
      ]),
      bySegment: new Map(),
    },
    isAdaptive: false,
    isOver: true,
    metrics: new Map([["resolved", { arms: new Map([arm("control"), arm("treatment")]) }]]),
    findings: [],
  });
}

function planOf(design: Design): AnalysisPlan {
  return {
    control: "control",
    shares: new Map([
      ["control", 0.5],
      ["treatment", 0.5],
    ]),
    metrics: [metric],
    design,
    alpha: 0.05,
    guardrailAlpha: 0.025,
    power: 0.8,
    minimum: { units: 100, days: 0 },
    assumed: [],
  };
}
