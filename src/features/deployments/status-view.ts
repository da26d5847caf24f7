import type { z } from "zod";
import type { DeploymentStatus } from "./deployment-status.ts";
import type { reportView, StatusView } from "./schema.ts";
import type { VerificationReport } from "./verification/report.ts";

/** A status, as the API tells it. */
export function statusView(status: DeploymentStatus): StatusView {
  const isTouched = status.epoch > 0;
  return {
    state: status.state,
    since: status.sinceMs === undefined ? null : instantOf(status.sinceMs),
    why: status.why ?? null,
    changed_by: isTouched ? status.changedBy : null,
    changed_at: isTouched ? instantOf(status.changedAtMs) : null,
    epoch: status.epoch,
    report: status.report ? viewOfReport(status.report) : null,
  };
}

/** What a verification found, as the API tells it. */
export function viewOfReport(report: VerificationReport): z.output<typeof reportView> {
  return {
    started_at: instantOf(report.startedAtMs),
    duration_ms: report.durationMs,
    lines: report.lines.map(({ check, outcome, durationMs, detail, requestIds }) => ({
      check,
      outcome,
      duration_ms: durationMs,
      detail,
      request_ids: [...requestIds],
    })),
  };
}

function instantOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
