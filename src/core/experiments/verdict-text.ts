import type { Judged } from "#core/experiments/comparisons/analysed-metric.ts";
import { changeText, changeUnit, marginText } from "#core/experiments/comparisons/change-text.ts";
import { readingOn } from "#core/experiments/comparisons/judgement.ts";

/** What a primary metric says, with its interval. */
export function goalText({ metric, comparison }: Judged): string {
  const { name, minimumEffect } = metric.plan;
  const { absolute } = comparison.deciding;
  if (!absolute.ok) return `${name} cannot be compared: ${absolute.error.reason}`;
  const unit = changeUnit(metric);
  const change = changeText(absolute.value, unit);
  if (comparison.judgement === "better") return `${name} is better by ${change}`;
  if (comparison.judgement === "worse") return `${name} is worse by ${change}`;
  if (comparison.judgement === "negligible" && minimumEffect)
    return `${name} changes by ${change}, less than the ${marginText(minimumEffect, unit)} that matters`;
  return `${name} changes by ${change}, which may be chance`;
}

/** What a guardrail says, on the scale of its margin. */
export function guardrailText({ metric, comparison }: Judged): string {
  const { name, margin } = metric.plan;
  if (!margin) return `${name} is a guardrail without a margin`;
  const reading = readingOn(margin, comparison.deciding);
  if (!reading.ok) return `${name} cannot be held against its margin: ${reading.error.reason}`;
  const unit = changeUnit(metric);
  const change = changeText(reading.value, margin.scale === "relative" ? "%" : unit);
  const said = { held: "stays within", broken: "breaks" } as const;
  const { judgement } = comparison;
  const word = judgement === "held" || judgement === "broken" ? said[judgement] : "may break";
  return `${name} ${word} its margin of ${marginText(margin, unit)}: ${change}`;
}
