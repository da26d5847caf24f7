export { calibrationOfFolder } from "./calibrations/calibration-report.ts";
export { calibrationLines, calibrationMarkdown } from "./calibrations/calibration-texts.ts";
export { calibrationView } from "./calibrations/calibration-view.ts";
export { readCalibration } from "./calibrations/read-calibration.ts";
export { runCalibration, type CalibrationRun } from "./calibrations/run-calibration.ts";
export { bundledSets, type BundledSet } from "./data-sets/bundled-sets.ts";
export { dataFormats, type DataSetOptions } from "./data-sets/data-set-options.ts";
export { readDataSet } from "./data-sets/read-data-set.ts";
export { readingLines, readingProblems } from "./data-sets/reading-lines.ts";
export { readingView } from "./data-sets/reading-view.ts";
export { readEvaluation } from "./evaluation-file/read-evaluation.ts";
export type { Evaluation } from "./evaluation-file/evaluation.ts";
export { concurrencyMax } from "./evaluation-file/schema.ts";
export { evaluationParams, liveScoresReply, liveScoresView } from "./online/live-scores-view.ts";
export { liveScores, type LiveScores } from "./online/live-scores.ts";
export { checkedRun, startRunBody, type SentProblem } from "./jobs/job-evaluation.ts";
export {
  resumeBody,
  runDetailView,
  runLineView,
  runParams,
  runQuery,
  runsQuery,
  runsView,
  runView,
} from "./jobs/job-schema.ts";
export type { RunJob } from "./jobs/run-job.ts";
export { JobService } from "./jobs/job-service.ts";
export { jobDetailView, jobView } from "./jobs/job-view.ts";
export { JobWorker, type JobEvent } from "./jobs/job-worker.ts";
export { postgresJobStore } from "./jobs/store.postgres.ts";
export { OnlineEvaluator } from "./online/online-evaluator.ts";
export { runningEvaluations } from "./online/running-evaluations.ts";
export { ScoringThread, type ScoringJob, type ScoringReply } from "./online/scoring-thread.ts";
export type { EvaluationReport } from "./report/evaluation-report.ts";
export { evaluationCsv, reportTables, type ReportTable } from "./report/report-csv.ts";
export { evaluationJunit } from "./report/report-junit.ts";
export { reportOfFolders } from "./report/report-of-folders.ts";
export { evaluationHtml, evaluationLines, evaluationMarkdown } from "./report/report-texts.ts";
export { reportView } from "./report/report-view.ts";
export type { CarriedEnd } from "./runs/carry-out.ts";
export { keepFetchedRun } from "./runs/fetched-run.ts";
export { readRunLines } from "./runs/read-run-lines.ts";
export type { RunSignals } from "./runs/run-evaluation.ts";
export { runEvaluationFile, type EvaluationFileRun, type RunWorld } from "./runs/run-evaluation-file.ts";
export type { EvaluationProgress } from "./runs/run-progress.ts";
export {
  addedReviewsReply,
  agreementReply,
  agreementView,
  labelsQuery,
  labelsReply,
  labelsView,
  nextReviewQuery,
  nextReviewReply,
  nextReviewView,
  removedReviewsReply,
  reviewItemsOf,
  reviewParams,
  reviewQueueQuery,
  reviewsBody,
  verdictBody,
  verdictReply,
} from "./reviews/schema.ts";
export { ReviewService } from "./reviews/service.ts";
export type { ReviewStore } from "./reviews/store.ts";
export { postgresReviewStore } from "./reviews/store.postgres.ts";
