export { plannedExperiment } from "./planning/power-question.ts";
export {
  plannedChange,
  powerBody,
  powerView,
  type PlannedChange,
  type WrittenPower,
} from "./planning/power-schema.ts";
export { plannedView } from "./planning/power-view.ts";
export { analysisCsv, csvTables, type CsvTable } from "./report/analysis-csv.ts";
export { analysisHtml } from "./report/analysis-html.ts";
export { analysisLines } from "./report/analysis-lines.ts";
export { analysisMarkdown } from "./report/analysis-markdown.ts";
export { analysisShape } from "./report/analysis-schema.ts";
export { analysisView } from "./report/analysis-view.ts";
export { duelsShape, duelView } from "./report/duel-view.ts";
export type { NotificationEvent } from "./notifications/notification-event.ts";
export { Notifier, notifierLeaseMs } from "./notifications/notifier.ts";
export type { Addressee } from "./notifications/notifier-ports.ts";
export { postgresNotificationStore } from "./notifications/store.postgres.ts";
export { ExperimentResults, type ExperimentReading } from "./results/experiment-results.ts";
export { analyseResults } from "./results-file/analyse-results.ts";
export type { ExperimentEvent } from "./experiment-event.ts";
export { experimentViews } from "./experiment-view.ts";
export { followExperiments } from "./follow-experiments.ts";
export { runningExperiments, runningShadows } from "./running-experiments.ts";
export {
  decideBody,
  designBody,
  experimentDetailView,
  experimentParams,
  experimentsView,
  operationBody,
  type ExperimentDetail,
  type ExperimentView,
} from "./schema.ts";
export { ExperimentService, type StatusChange } from "./service.ts";
export { ShadowRunner } from "./shadows/shadow-runner.ts";
export { postgresShadowStore } from "./shadows/store.postgres.ts";
export { postgresExperimentStore } from "./store.postgres.ts";
export type { StatusView as ExperimentsView } from "./store.ts";
