import { AppError } from "#core/kernel/app-error.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ExperimentState, ExperimentStatus } from "./experiment-status.ts";

/** What is done with an experiment. */
export type Operation = "start" | "pause" | "resume" | "stop" | "decide";

/** From which states an operation goes to which: a state that is missing refuses it. */
const transitions: Readonly<Record<Operation, Partial<Record<ExperimentState, ExperimentStatus["state"]>>>> =
  {
    start: { draft: "running" },
    pause: { running: "paused" },
    resume: { paused: "running" },
    stop: { running: "stopped", paused: "stopped" },
    decide: { stopped: "decided" },
  };

/** The state that an operation leads to, or why it is refused (conflict). */
export function stateAfter(
  operation: Operation,
  experiment: string,
  state: ExperimentState,
): Result<ExperimentStatus["state"], AppError> {
  const next = transitions[operation][state];
  if (next !== undefined) return ok(next);
  const wanted = Object.keys(transitions[operation]).join(" or ");
  return failed(
    new AppError(
      "conflict",
      `Cannot ${operation} experiment "${experiment}": ${wanted} is wanted, it is ${state}`,
    ),
  );
}
