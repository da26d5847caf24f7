import { InvalidArgumentError, Option, type Command } from "commander";
import type { z } from "zod";
import { wholeNumber, type CommandKit } from "#cli/deployment-commands.ts";
import { plannedLines, plannedView } from "#cli/experiment/planned-units.ts";
import { planDefaults, spendings, type Spending } from "#core/experiments/analysis-plan.ts";
import { margin, type Margin } from "#core/experiments/margin.ts";
import { looksMax } from "#core/experiments/plan-schema.ts";
import { planUnits, type PlannedLooks, type UnitsQuestion } from "#core/experiments/plan-units.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import type { Result } from "#core/kernel/result.ts";
import { share, sumProblem } from "#core/kernel/share.ts";
import type { PlannedMetric } from "#core/statistics/planned-metric.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import type { Refusal } from "#core/statistics/refusal.ts";

interface PlanFlags {
  readonly baseline?: number;
  readonly mean?: number;
  readonly sd?: number;
  readonly denominatorMean?: number;
  readonly denominatorSd?: number;
  readonly denominatorCorrelation?: number;
  readonly effect?: Change;
  readonly margin?: Change;
  readonly units?: number;
  readonly shares: readonly number[];
  readonly alpha?: number;
  readonly power: number;
  readonly looks?: number;
  readonly spending?: Spending;
  readonly alwaysValid?: true;
  readonly clusterSize?: number;
  readonly icc?: number;
  readonly correlation?: number;
  readonly perDay?: number;
  readonly json?: boolean;
}

interface Change extends Margin {
  /** Written in percentage points, which only a rate has. */
  readonly isPoints: boolean;
}

/** `signalbox experiment plan`: needs no running Signalbox. */
export function planCommand({ command, outputOf }: CommandKit): Command {
  return command("plan", "How many units an experiment needs, or what it finds; needs no running Signalbox")
    .option("--baseline <share>", "a rate as it is now, as 60%", readShare)
    .option("--mean <number>", "a mean as it is now, in place of a rate; of a ratio the numerator's", number)
    .option("--sd <number>", "the standard deviation of one unit", number)
    .option("--denominator-mean <number>", "of a ratio (cost per request): the denominator's mean", number)
    .option("--denominator-sd <number>", "the denominator's standard deviation", number)
    .option("--denominator-correlation <number>", "of both, from -1 to 1", number)
    .option("--effect <change>", "the change that is to be found, as +2pp, -10% or +200ms", changeOf)
    .option("--margin <change>", "of a guardrail: how much worse it may be, as +1pp", changeOf)
    .option("--units <number>", "units of all variants: what they find, or with which power", wholeNumber)
    .option("--shares <shares>", "of each variant, the control's first", sharesOf, [0.5, 0.5])
    .option("--alpha <share>", "error rate: 5%, of a margin 2.5% on its side", readShare)
    .option("--power <share>", "chance of finding it", readShare, planDefaults.power)
    .option("--looks <number>", "planned looks, the last one included", wholeNumber)
    .addOption(new Option("--spending <name>", "how looks spend the error rate").choices(spendings))
    .addOption(
      new Option("--always-valid", "looked at at any time, as experiments are where nothing is written")
        .conflicts("looks")
        .conflicts("spending"),
    )
    .option("--cluster-size <number>", "units that share a variant, as messages of a conversation", number)
    .option("--icc <number>", "the correlation of two units of one cluster, from 0 to 1", number)
    .option("--correlation <number>", "of the metric with what is known from before (CUPED)", number)
    .option("--per-day <number>", "units that take part in a day", number)
    .action(({ json, ...flags }: PlanFlags) => {
      const question = questionOf(flags);
      const planned = value(planUnits(question));
      outputOf(present({ json })).result({
        json: plannedView(question, planned),
        lines: plannedLines(question, planned),
      });
    });
}

function questionOf(flags: Omit<PlanFlags, "json">): UnitsQuestion {
  const { baseline, effect, margin: guardrail, units, shares, power, correlation, perDay } = flags;
  if ((effect?.isPoints || guardrail?.isPoints) && baseline === undefined)
    throw refusal("pp are of a rate: --baseline <share> is wanted");
  return {
    metric: metricOf(flags),
    shares,
    alpha: flags.alpha ?? (guardrail ? planDefaults.guardrailAlpha : planDefaults.alpha),
    power,
    looks: looksOf(flags),
    ...present({
      effect,
      margin: guardrail,
      units,
      correlation,
      clusters: clustersOf(flags),
      unitsPerDay: perDay,
    }),
  };
}

/** One of a rate, a mean, and a ratio of two means; whatever belongs together is wanted together. */
function metricOf(flags: Omit<PlanFlags, "json">): PlannedMetric {
  const { baseline, mean, sd, denominatorMean, denominatorSd, denominatorCorrelation } = flags;
  const ofMean = [mean, sd];
  const ofRatio = [denominatorMean, denominatorSd, denominatorCorrelation];
  if (baseline !== undefined && [...ofMean, ...ofRatio].every((flag) => flag === undefined))
    return { kind: "proportion", share: baseline };
  if (baseline !== undefined || mean === undefined || sd === undefined)
    throw refusal("--baseline <share>, or --mean <number> and --sd <number>, is wanted");
  if (ofRatio.every((flag) => flag === undefined)) return { kind: "mean", mean, variance: sd * sd };
  if (denominatorMean === undefined || denominatorSd === undefined || denominatorCorrelation === undefined)
    throw refusal(
      "--denominator-mean, --denominator-sd and --denominator-correlation are wanted together, each a number",
    );
  if (Math.abs(denominatorCorrelation) > 1)
    throw refusal(`--denominator-correlation from -1 to 1 is wanted, it is ${denominatorCorrelation}`);
  // Of two units, squared deviations are the variance.
  const ratio = value(
    ratioSample({
      x: { count: 2, mean: denominatorMean, squaredDeviations: denominatorSd * denominatorSd },
      y: { count: 2, mean, squaredDeviations: sd * sd },
      productDeviations: denominatorCorrelation * sd * denominatorSd,
    }),
  );
  return { kind: "mean", mean: ratio.mean, variance: ratio.variance };
}

function looksOf({ looks, spending, alwaysValid }: Omit<PlanFlags, "json">): PlannedLooks {
  if (alwaysValid) return { kind: "always-valid" };
  if (looks === undefined && spending !== undefined)
    throw refusal("--looks <number> is wanted where there is a spending");
  if (looks === undefined) return { kind: "fixed" };
  if (looks < 1 || looks > looksMax) throw refusal(`1 to ${looksMax} looks are wanted, they are ${looks}`);
  return { kind: "group-sequential", looks, spending: spending ?? "obrien-fleming" };
}

function clustersOf({ clusterSize, icc }: Omit<PlanFlags, "json">): UnitsQuestion["clusters"] {
  if (clusterSize === undefined && icc === undefined) return undefined;
  if (clusterSize === undefined || icc === undefined)
    throw refusal("--cluster-size <number> and --icc <number> are wanted together");
  return { meanSize: clusterSize, correlation: icc };
}

function value<Value>(result: Result<Value, Refusal>): Value {
  if (!result.ok) throw refusal(result.error.reason);
  return result.value;
}

function refusal(reason: string): AppError {
  return new AppError("invalid-request", `Cannot plan an experiment: ${reason}`);
}

/** A flag that a schema reads. */
function read<Value>(schema: z.ZodType<Value, string>): (text: string) => Value {
  return (text) => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`${parsed.error.issues[0]?.message ?? "another value"} is wanted`);
  };
}

const readShare = read(share);
const readMargin = read(margin({ description: "A change.", examples: ["+2pp"] }));

function changeOf(text: string): Change {
  return { ...readMargin(text), isPoints: text.endsWith("pp") };
}

function sharesOf(text: string): readonly number[] {
  const shares = text.split(",").map((one) => readShare(one.trim()));
  const problem = sumProblem(shares);
  if (problem) throw new InvalidArgumentError(`${problem.message} are wanted, not ${problem.params.actual}`);
  // What is left of 100% by rounding, as of 33.3% thrice, is shared out as well.
  const sum = shares.reduce((total, one) => total + one, 0);
  return shares.map((one) => one / sum);
}

function number(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("a number such as 812 or 0.25 is wanted");
  return Number(text);
}
