import type { EvaluationReportView } from "#features/evaluations/report/report-schema.ts";
import type { RunDetailView, RunView } from "./job-schema.ts";
import type { JobStop, RunJob } from "./run-job.ts";

/** A run as lists tell it. */
export function jobView(job: RunJob): RunView {
  const { id, name, state, stop, progress, createdAtMs, createdBy, startedAtMs, finishedAtMs } = job;
  const { total, done, failed, lost, costUsd } = progress;
  return {
    id,
    name,
    state,
    stop: stop ? { kind: stop.kind, message: stopText(stop) } : null,
    total,
    done,
    failed,
    lost,
    cost_usd: costUsd,
    created_at: timeText(createdAtMs),
    created_by: createdBy,
    started_at: startedAtMs === undefined ? null : timeText(startedAtMs),
    finished_at: finishedAtMs === undefined ? null : timeText(finishedAtMs),
  };
}

/** A run as it is told by itself. */
export function jobDetailView(job: RunJob, report: EvaluationReportView | undefined): RunDetailView {
  return {
    ...jobView(job),
    // Written anew as JSON: a readonly tree is none of the schema's.
    evaluation: JSON.parse(JSON.stringify(job.evaluation)),
    manifest: JSON.parse(JSON.stringify(job.manifest ?? null)),
    report: report ?? null,
  };
}

/** Why a run ended before all was done, in words. */
function stopText(stop: JobStop): string {
  switch (stop.kind) {
    case "interrupted":
      return "it was interrupted";
    case "budget":
      return `the budget is spent (${stop.spentUsd.toFixed(4)} US dollars)`;
    case "unpriced":
      return "it has a budget, and an answer does not tell what it cost";
    case "systemic":
      return `the last ${stop.failures} of ${stop.target} failed, the last one with ${stop.code}: ${stop.message}`;
    case "failed":
      return stop.message;
  }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
