import { InvalidArgumentError, Option, type Command } from "commander";
import type { z } from "zod";
import { wholeNumber, type CommandKit } from "#cli/deployment-commands.ts";
import { spendings, type Spending } from "#core/experiments/plan/analysis-plan.ts";
import { looksMax } from "#core/experiments/plan/plan-schema.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import { share, sumProblem } from "#core/kernel/share.ts";
import {
  plannedChange,
  plannedExperiment,
  plannedView,
  type PlannedChange,
  type WrittenPower,
} from "#features/experiments/index.ts";

interface PlanFlags {
  readonly baseline?: number;
  readonly mean?: number;
  readonly sd?: number;
  readonly denominatorMean?: number;
  readonly denominatorSd?: number;
  readonly denominatorCorrelation?: number;
  readonly effect?: PlannedChange;
  readonly margin?: PlannedChange;
  readonly units?: number;
  readonly shares?: number[];
  readonly alpha?: number;
  readonly power?: number;
  readonly looks?: number;
  readonly spending?: Spending;
  readonly alwaysValid?: true;
  readonly clusterSize?: number;
  readonly icc?: number;
  readonly correlation?: number;
  readonly perDay?: number;
  readonly json?: boolean;
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
    .option(
      "--shares <shares>",
      "of each variant, the control's first; halves where nothing is said",
      sharesOf,
    )
    .option("--alpha <share>", "error rate: 5%, of a margin 2.5% on its side", readShare)
    .option("--power <share>", "chance of finding it; 80% where nothing is said", readShare)
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
      const found = plannedExperiment(questionOf(flags));
      if (!found.ok) throw refusal(found.error.reason);
      const view = plannedView(found.value);
      outputOf(present({ json })).result({ json: view, lines: view.sentences });
    });
}

function questionOf(flags: Omit<PlanFlags, "json">): WrittenPower {
  const { baseline, effect, margin, units, shares, alpha, power, correlation, perDay } = flags;
  if ((effect?.isPoints || margin?.isPoints) && baseline === undefined)
    throw refusal("pp are of a rate: --baseline <share> is wanted");
  return {
    metric: metricOf(flags),
    ...present({
      effect,
      margin,
      units,
      shares,
      alpha,
      power,
      design: designOf(flags),
      clusters: clustersOf(flags),
      correlation,
      per_day: perDay,
    }),
  };
}

/** One of a rate, a mean, and a ratio of two means; whatever belongs together is wanted together. */
function metricOf(flags: Omit<PlanFlags, "json">): WrittenPower["metric"] {
  const { baseline, mean, sd, denominatorMean, denominatorSd, denominatorCorrelation } = flags;
  const ofMean = [mean, sd];
  const ofRatio = [denominatorMean, denominatorSd, denominatorCorrelation];
  if (baseline !== undefined && [...ofMean, ...ofRatio].every((flag) => flag === undefined))
    return { rate: baseline };
  if (baseline !== undefined || mean === undefined || sd === undefined)
    throw refusal("--baseline <share>, or --mean <number> and --sd <number>, is wanted");
  if (ofRatio.every((flag) => flag === undefined)) return { mean, sd };
  if (denominatorMean === undefined || denominatorSd === undefined || denominatorCorrelation === undefined)
    throw refusal(
      "--denominator-mean, --denominator-sd and --denominator-correlation are wanted together, each a number",
    );
  if (Math.abs(denominatorCorrelation) > 1)
    throw refusal(`--denominator-correlation from -1 to 1 is wanted, it is ${denominatorCorrelation}`);
  const denominator = { mean: denominatorMean, sd: denominatorSd, correlation: denominatorCorrelation };
  return { mean, sd, denominator };
}

function designOf({ looks, spending, alwaysValid }: Omit<PlanFlags, "json">): WrittenPower["design"] {
  if (alwaysValid) return "always_valid";
  if (looks === undefined && spending !== undefined)
    throw refusal("--looks <number> is wanted where there is a spending");
  if (looks === undefined) return undefined;
  if (looks < 1 || looks > looksMax) throw refusal(`1 to ${looksMax} looks are wanted, they are ${looks}`);
  return { looks, ...present({ spending }) };
}

function clustersOf({ clusterSize, icc }: Omit<PlanFlags, "json">): WrittenPower["clusters"] {
  if (clusterSize === undefined && icc === undefined) return undefined;
  if (clusterSize === undefined || icc === undefined)
    throw refusal("--cluster-size <number> and --icc <number> are wanted together");
  return { size: clusterSize, correlation: icc };
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
const changeOf = read(plannedChange("A change.", "+2pp"));

function sharesOf(text: string): number[] {
  const shares = text.split(",").map((one) => readShare(one.trim()));
  const problem = sumProblem(shares);
  if (problem) throw new InvalidArgumentError(`${problem.message} are wanted, not ${problem.params.actual}`);
  return shares;
}

function number(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("a number such as 812 or 0.25 is wanted");
  return Number(text);
}
