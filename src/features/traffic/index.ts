export type {
  AttemptRecord,
  DecisionRecord,
  AssignedRecord,
  ExperimentRecord,
  Operation,
  RequestCost,
  RequestRecord,
  RequestUnit,
  ShadowRecord,
} from "./request-record.ts";
export { decisionSchema } from "./decision-schema.ts";
export { Recorder, type RecorderState } from "./recorder.ts";
export type { UnredactedContent } from "./unredacted-content.ts";
export type { LogEvent } from "./log-event.ts";
export { LogWriter } from "./log-writer.ts";
export {
  addedStates,
  emptyLogWriterState,
  type LogWriterPort,
  type LogWriterState,
} from "./log-writer-port.ts";
export { inProcessLogWriter } from "./in-process-log-writer.ts";
export { retryDelayMs } from "./retry-delay.ts";
export { spoolEvent } from "./spool-event.ts";
export { trafficService, type TrafficService } from "./service.ts";
export type { UnitParts } from "./exposures/unit-parts.ts";
export type { VariantMoments } from "./exposures/experiment-moments.ts";
export type { ExperimentPeriod } from "./exposures/experiment-periods.ts";
export { momentsByVariant } from "./exposures/moments-by-variant.postgres.ts";
export { requestMeasures } from "./exposures/request-measures.ts";
export type { RequestsQuery } from "./exposures/units-query.ts";
export type { VariantQuantile } from "./exposures/experiment-quantile.ts";
export type { RequestLogStore } from "./store.ts";
export { postgresRequestLogStore } from "./store.postgres.ts";
export { contentView, detailView, experimentView, filtersOf, listQueryOf, pageView } from "./request-view.ts";
export { exportText } from "./export-text.ts";
export { exportQuery, listRequestsQuery, requestParams, tailQuery } from "./query-schema.ts";
export { listRequestsReply, requestContent, requestDetail, tailEvent } from "./reply-schema.ts";
export { seriesQuery, seriesReply, totalsQuery, totalsReply } from "./totals-schema.ts";
export { seriesQueryOf, seriesView, totalsQueryOf, totalsView } from "./totals-view.ts";
export { Retention, type RetentionParts } from "./retention.ts";
export { StoredThreads } from "./stored-threads.ts";
export { contentLengthMax } from "./unredacted-content.ts";
export { LiveTail, type TailListener } from "./live-tail.ts";
export { draftOf, feedbackBody, feedbackCallBody, itemsMax } from "./feedback/schema.ts";
export {
  feedbackParams,
  feedbackQueryOf,
  feedbackSummaryQuery,
  listFeedbackQuery,
  requestFeedbackQuery,
  summaryQueryOf,
} from "./feedback/query-schema.ts";
export {
  feedbackHistoryReply,
  feedbackSummaryReply,
  keptFeedbackReply,
  listFeedbackReply,
} from "./feedback/reply-schema.ts";
export { feedbackPageView, feedbackSummaryView, historyView, keptView } from "./feedback/feedback-view.ts";
export { feedbackService, type FeedbackDraft, type FeedbackService } from "./feedback/service.ts";
export type { FeedbackStore } from "./feedback/store.ts";
export type { FeedbackSum } from "./feedback/feedback-moments.ts";
export { postgresFeedbackStore } from "./feedback/store.postgres.ts";
export { WaitingFeedback } from "./feedback/waiting-feedback.ts";
export type { KeptFeedback } from "./feedback/feedback.ts";
export { erasureBody, erasureReply, type Erased } from "./erasure.ts";
export { postgresEraser } from "./erasure.postgres.ts";
export { fileBytesMax } from "./outcomes/decoded-text.ts";
export type { OutcomeFile } from "./outcomes/import-outcomes.ts";
export { importOptionsOf, importQuery, importReply, importView } from "./outcomes/import-schema.ts";
export { outcomeService, type OutcomeService } from "./outcomes/outcome-service.ts";
