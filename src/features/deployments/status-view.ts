import type { z } from "zod";
import type { DeploymentStatus } from "./deployment-status.ts";
import type { reportView, StatusView } from "./schema.ts";
import type { CheckLine, VerificationReport } from "./verification/report.ts";

/** A status, as the API tells it. @param progress what a verification under way has found so far */
export function statusView(status: DeploymentStatus, progress: readonly CheckLine[] = []): StatusView {
  const isTouched = status.epoch > 0;
  return {
    state: status.state,
    since: status.sinceMs === undefined ? null : instantOf(status.sinceMs),
    why: status.why ?? null,
    changed_by: isTouched ? status.changedBy : null,
    changed_at: isTouched ? instantOf(status.changedAtMs) : null,
    epoch: status.epoch,
    report: viewOfReport(status.report ?? reportSoFar(status, progress)),
  };
}

function reportSoFar(
  { sinceMs = 0 }: DeploymentStatus,
  lines: readonly CheckLine[],
): VerificationReport | undefined {
  if (lines.length === 0) return undefined;
  const durationMs = lines.reduce((sum, line) => sum + line.durationMs, 0);
  return { startedAtMs: sinceMs, durationMs, lines: [...lines] };
}

/** What a verification found, as the API tells it. */
function viewOfReport(report: VerificationReport | undefined): z.output<typeof reportView> | null {
  if (!report) return null;
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
