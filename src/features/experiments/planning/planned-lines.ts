import { numberText, signedText } from "#core/experiments/comparisons/change-text.ts";
import type { PlannedLooks, PlannedUnits, UnitsQuestion } from "#core/experiments/units/plan-units.ts";
import { shareText } from "#core/kernel/share.ts";

/** A plan as lines: the answer first, then what makes it so. */
export function plannedLines(question: UnitsQuestion, planned: PlannedUnits): readonly string[] {
  return [
    answerText(question, planned),
    `Units of each variant: ${planned.variants.map((units) => units.toLocaleString("en-US")).join(", ")}`,
    ...rateLines(question, planned),
    ...looksLines(question.looks, planned),
    ...clusterLines(question, planned),
    ...(question.correlation === undefined
      ? []
      : [
          `What is known from before leaves ${shareText(planned.inflation.covariate)} of the variance, and of the units`,
        ]),
    ...timeLines(planned),
  ];
}

function answerText(question: UnitsQuestion, planned: PlannedUnits): string {
  const { power } = question;
  const units = planned.units.toLocaleString("en-US");
  switch (planned.answer) {
    case "units":
      return `${units} units ${aimText(question)} with a chance of ${percent(power)}`;
    case "power":
      return `${units} units ${aimText(question)} with a chance of ${percent(planned.power)}`;
    case "effect": {
      const unit = changeUnit(question);
      const changes = [planned.upwards, planned.downwards].filter((one) => one !== undefined);
      const found = changes.map((one) => signedText(one, unit)).join(" or ");
      return `${units} units find a change of ${found}, or a larger one, with a chance of ${percent(power)}`;
    }
  }
}

function aimText(question: UnitsQuestion): string {
  const { effect, margin } = question;
  const unit = changeUnit(question);
  const text = (one: NonNullable<typeof effect>): string =>
    signedText(one.value, one.scale === "relative" ? "%" : unit);
  if (margin === undefined) return `find a change of ${effect ? text(effect) : "none"}`;
  const truth = effect ? `if the true change is ${text(effect)}` : "if nothing changes";
  return `show that the metric stays within ${text(margin)}, ${truth},`;
}

function changeUnit({ metric }: UnitsQuestion): "" | "pp" {
  return metric.kind === "proportion" ? "pp" : "";
}

function rateLines({ margin, shares }: UnitsQuestion, { level }: PlannedUnits): readonly string[] {
  if (margin) return [`Error rate ${shareText(level / 2)}, on the side of the margin`];
  const treatments = shares.length - 1;
  const each = treatments === 1 ? "" : ` for each of ${treatments} comparisons, which share it evenly`;
  return [`Error rate ${shareText(level)}, two-sided${each}`];
}

function looksLines(looks: PlannedLooks, { inflation }: PlannedUnits): readonly string[] {
  const cost = `${numberText(inflation.looks)} times the units of one look`;
  switch (looks.kind) {
    case "fixed":
      return ["Looked at once, at the end: before it there is no verdict"];
    case "always-valid":
      return [`Looked at at any time: ${cost}`];
    case "group-sequential":
      return [`Looked at ${looks.looks} times, ${looks.spending}: ${cost}`];
  }
}

function clusterLines({ clusters }: UnitsQuestion, { inflation, units }: PlannedUnits): readonly string[] {
  if (!clusters) return [];
  const count = Math.ceil(units / clusters.meanSize).toLocaleString("en-US");
  return [
    `In ${count} clusters of ${numberText(clusters.meanSize)}: ${numberText(inflation.clusters)} times the units of independent ones`,
  ];
}

function timeLines({ runTime }: PlannedUnits): readonly string[] {
  if (!runTime) return [];
  const { days, daysOfWholeWeeks } = runTime;
  const advised = daysOfWholeWeeks === days ? "whole weeks" : `run ${daysOfWholeWeeks}, whole weeks`;
  return [`${days} ${days === 1 ? "day" : "days"} (${advised}: each day of the week counts alike)`];
}

function percent(share: number): string {
  return `${numberText(share * 100)} %`;
}
