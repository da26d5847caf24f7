import { failed, ok, type Result } from "#core/kernel/result.ts";
import { boundChecks } from "./bound-checks.ts";
import type { GateCheck, GatedRun } from "./gate-check.ts";
import type { GateSettings } from "./gate-schema.ts";
import { regressionChecks, type GatedSides } from "./regression-checks.ts";
import { runChecks } from "./run-checks.ts";

/** What a gate says. */
export interface GateReport {
  /** `invalid`: too much is without an answer or a score, or something cannot be told, so that nothing is said of the rest. */
  readonly verdict: "passed" | "failed" | "invalid";
  readonly checks: readonly GateCheck[];
}

/**
 * Judges runs by a gate. Refuses, in words, a gate that asks for what the runs do not have, or for nothing: a check that is never
 * made must not pass.
 */
export function gateReport(runs: readonly GatedRun[], gate: GateSettings): Result<GateReport, string> {
  const problem = problemOf(runs, gate);
  if (problem !== undefined) return failed(problem);
  const gated = runs.map((run) => ({ run, targets: targetsOf(run, gate) }));
  const regressions = regressionChecks(
    gated.flatMap((one) => sidesOf(one, gate)),
    gate,
  );
  const bounds = boundChecks(gated, gate);
  const checked = new Set([...regressions, ...bounds].map(({ metric }) => metric));
  if (checked.size === 0) {
    return failed(
      "a bound of a scorer or a measure, or a baseline to compare with, is wanted; there is none",
    );
  }
  const named = [...Object.keys(gate.scorers ?? {}), ...Object.keys(gate.measures)];
  const unchecked = named.find((name) => !checked.has(name));
  if (unchecked !== undefined) {
    return failed(`a bound, or a baseline that has it, is wanted for "${unchecked}"; there is none`);
  }
  const ofRuns = gated.flatMap(({ run, targets }) => {
    const scorers = run.table.scorers.filter((scorer) => checked.has(scorer));
    return targets.flatMap((target) => runChecks(run, { target, scorers, gate }));
  });
  const checks = [...ofRuns, ...bounds, ...regressions];
  return ok({ verdict: verdictOf(checks), checks });
}

function verdictOf(checks: readonly GateCheck[]): GateReport["verdict"] {
  const isInvalid = checks.some(
    ({ kind, status }) => status === "unknown" || (kind === "run" && status === "failed"),
  );
  if (isInvalid) return "invalid";
  return checks.some(({ status }) => status === "failed") ? "failed" : "passed";
}

function targetsOf({ table }: GatedRun, { targets, against }: GateSettings): readonly string[] {
  return table.targets.filter((target) => (targets?.includes(target) ?? true) && target !== against);
}

function sidesOf(
  { run, targets }: { readonly run: GatedRun; readonly targets: readonly string[] },
  { against }: GateSettings,
): readonly GatedSides[] {
  return targets.flatMap((target) => {
    const candidate = { table: run.table, target };
    if (against !== undefined) {
      return [{ run: run.name, sides: { baseline: { table: run.table, target: against }, candidate } }];
    }
    if (!run.baseline?.targets.includes(target)) return [];
    return [{ run: run.name, sides: { baseline: { table: run.baseline, target }, candidate } }];
  });
}

/** What the gate names that is not there. */
function problemOf(runs: readonly GatedRun[], gate: GateSettings): string | undefined {
  const targets = new Set(runs.flatMap(({ table }) => table.targets));
  const scorers = new Set(runs.flatMap(({ table }) => table.scorers));
  const against = gate.against === undefined ? [] : [gate.against];
  const found =
    missingName("target", [...(gate.targets ?? []), ...against], targets) ??
    missingName("scorer", Object.keys(gate.scorers ?? {}), scorers);
  if (found !== undefined) return found;
  if (gate.against !== undefined && runs.some(({ baseline }) => baseline !== undefined)) {
    return "a baseline run or a target in `against` is wanted, both are there";
  }
  const unpaired = runs.find(
    (run) => run.baseline && !targetsOf(run, gate).every((target) => run.baseline?.targets.includes(target)),
  );
  if (!unpaired) return undefined;
  return `each target is wanted in the baseline of "${unpaired.name}", which has ${(unpaired.baseline?.targets ?? []).join(", ")}; name some in \`targets\``;
}

function missingName(what: string, names: readonly string[], there: ReadonlySet<string>): string | undefined {
  const absent = names.find((name) => !there.has(name));
  if (absent === undefined) return undefined;
  return `a ${what} of the run is wanted, "${absent}" is none of ${[...there].join(", ")}`;
}
