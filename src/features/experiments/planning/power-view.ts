import type { z } from "zod";
import type { Margin } from "#core/experiments/plan/margin.ts";
import { plannedLines } from "./planned-lines.ts";
import type { PlannedExperiment } from "./power-question.ts";
import type { powerView } from "./power-schema.ts";

/** A plan as JSON: the answer in words and in numbers. */
export function plannedView({ question, planned }: PlannedExperiment): z.output<typeof powerView> {
  const { shares, alpha, effect, margin, looks } = question;
  return {
    answer: planned.answer,
    sentences: [...plannedLines(question, planned)],
    units: planned.units,
    variants: shares.map((share, place) => ({ share, units: planned.variants[place] ?? 0 })),
    effect: changeView(effect),
    margin: changeView(margin),
    power: planned.answer === "power" ? planned.power : question.power,
    detectable:
      planned.answer === "effect"
        ? { upwards: planned.upwards ?? null, downwards: planned.downwards ?? null }
        : null,
    alpha,
    level: planned.level,
    looks: looks.kind === "group-sequential" ? looks : { kind: looks.kind },
    inflation: planned.inflation,
    days: planned.runTime?.days ?? null,
    days_of_whole_weeks: planned.runTime?.daysOfWholeWeeks ?? null,
  };
}

function changeView(change: Margin | undefined) {
  return change ? { scale: change.scale, value: change.value } : null;
}
