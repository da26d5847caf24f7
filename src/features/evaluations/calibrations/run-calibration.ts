import type { CarriedEnd } from "#features/evaluations/runs/carry-out.ts";
import type { RunSignals } from "#features/evaluations/runs/run-evaluation.ts";
import { runPlan, type RunWorld } from "#features/evaluations/runs/run-evaluation-file.ts";
import { askModel } from "#features/evaluations/targets/ask-model.ts";
import { signalboxServer } from "#features/evaluations/targets/make-targets.ts";
import type { Calibration } from "./calibration.ts";
import { judgeTarget } from "./judge-target.ts";

/** What a calibration is run with. */
export interface CalibrationRun extends RunWorld {
  readonly calibration: Calibration;
}

/**
 * Asks every judge about every labelled item, and keeps what came of each as a run does: records, budget, resume.
 * @throws AppError
 */
export async function runCalibration(run: CalibrationRun, signals: RunSignals): Promise<CarriedEnd> {
  const { calibration, signalbox, upstream, clock, timers } = run;
  const server = signalboxServer(signalbox, calibration.name);
  const targets = calibration.judges.map((judge) => {
    const timeoutMs = judge.config.timeout * 1_000;
    return judgeTarget(judge, { ask: askModel({ upstream, clock, timers, timeoutMs }), server, timers });
  });
  return runPlan({ ...run, plan: calibration, targets }, signals);
}
