import type { PlanComplaint } from "#core/experiments/plan/resolve-metric.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ExperimentSettings } from "./schema/experiment.ts";

/** How an experiment answers requests once more, off-line. */
export interface ShadowTerms {
  /** The share of units whose requests are, in (0, 1]. */
  readonly sample: number;
  /** What that may cost in a day (UTC), pico-dollars > 0. */
  readonly budget: number;
  /** Who compares both answers; absent where nobody does. */
  readonly judge?: JudgeTerms;
}

/** Who compares two answers. */
export interface JudgeTerms {
  /** The route that is asked. */
  readonly route: string;
  /** What makes an answer the better one, in words. */
  readonly criteria: string;
}

type ModeSettings = Pick<
  ExperimentSettings,
  | "mode"
  | "sample"
  | "budget"
  | "judge"
  | "coverage"
  | "incumbent"
  | "control"
  | "variants"
  | "on_version_change"
  | "strata"
>;

const sampleDefault = 0.05;

/** How an experiment compares off-line, undefined where it shares units out; or what does not go together. */
export function shadowTerms(
  settings: ModeSettings,
): Result<ShadowTerms | undefined, readonly PlanComplaint[]> {
  const { mode = "split", sample = sampleDefault, budget, judge } = settings;
  const isOffline = mode === "shadow" || mode === "duel";
  const complaints = [...(isOffline ? offlineComplaints(settings) : strays(settings, mode))];
  if (mode !== "duel" && judge)
    complaints.push({ path: ["judge"], wanted: "`mode: duel` beside it", actual: `mode ${mode}` });
  if (complaints.length > 0) return failed(complaints);
  if (!isOffline || !budget) return ok(undefined);
  return ok({ sample, budget: budget.usd_per_day, ...(judge && { judge }) });
}

/** What only off-line comparisons have. */
function strays(settings: ModeSettings, mode: string): readonly PlanComplaint[] {
  return (["sample", "budget"] as const)
    .filter((key) => settings[key] !== undefined)
    .map((key) => ({ path: [key], wanted: "`mode: shadow` or `duel` beside it", actual: `mode ${mode}` }));
}

function offlineComplaints(settings: ModeSettings): readonly PlanComplaint[] {
  const { mode = "split", budget, judge, coverage, incumbent, variants, strata } = settings;
  const control = settings.control ?? Object.keys(variants)[0] ?? "";
  const complaints: PlanComplaint[] = [];
  if (!budget)
    complaints.push({
      path: ["mode"],
      wanted: "`budget: { usd_per_day: 5 }` beside it, since second answers cost money",
      actual: `${mode} without a budget`,
    });
  if (mode === "duel" && !judge)
    complaints.push({
      path: ["mode"],
      wanted: "`judge: { route: <route>, criteria: <text> }` beside it",
      actual: "duel without a judge",
    });
  if (settings.on_version_change === "new_phase")
    complaints.push({
      path: ["on_version_change"],
      wanted: "`flag`, or mode `split` or `aa`: of answers made off-line nobody watches the version",
      actual: `new_phase in mode ${mode}`,
    });
  if (coverage < 1)
    complaints.push({
      path: ["coverage"],
      wanted: "`sample`, the share of units that is answered once more",
      actual: `coverage in mode ${mode}`,
    });
  if (strata !== undefined)
    complaints.push({
      path: ["strata"],
      wanted: "no strata: both answers to one request are of one",
      actual: `some in mode ${mode}`,
    });
  if (incumbent !== undefined && incumbent !== control)
    complaints.push({
      path: ["incumbent"],
      wanted: `the control, "${control}": it is whose requests are answered once more`,
      actual: JSON.stringify(incumbent),
    });
  return complaints;
}
