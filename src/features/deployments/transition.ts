import { AppError } from "#core/kernel/app-error.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { DeploymentState, DeploymentStatus } from "./deployment-status.ts";

/** What an operator can do with a deployment. */
export type Operation = "drain" | "disable" | "enable";

/** From which states an operation goes to which: a state that is missing refuses it. */
const transitions: Readonly<Record<Operation, Partial<Record<DeploymentState, DeploymentState>>>> = {
  drain: { ready: "draining", draining: "draining", drained: "drained" },
  disable: { ready: "disabled", draining: "disabled", drained: "disabled", disabled: "disabled" },
  enable: { ready: "ready", draining: "ready", drained: "ready", disabled: "ready" },
};

/** The state that an operation leads to, or why it is refused (conflict). */
export function stateAfter(
  operation: Operation,
  status: Pick<DeploymentStatus, "deployment" | "state">,
): Result<DeploymentState, AppError> {
  const next = transitions[operation][status.state];
  if (next !== undefined) return ok(next);
  const wanted = Object.keys(transitions[operation]).join(" or ");
  return failed(
    new AppError(
      "conflict",
      `Cannot ${operation} deployment "${status.deployment}": ${wanted} is wanted, it is ${status.state}`,
    ),
  );
}
