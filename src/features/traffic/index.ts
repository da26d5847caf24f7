export type { AttemptRecord, DecisionRecord, Operation, RequestRecord, RequestUnit } from "./request-record.ts";
export { Recorder } from "./recorder.ts";
export { trafficService, type TrafficService } from "./service.ts";
export type { RequestLogStore } from "./store.ts";
export { postgresRequestLogStore } from "./store.postgres.ts";
export { detailView, listQueryOf, pageView, totalsQueryOf, totalsView } from "./request-view.ts";
export { listRequestsQuery, requestParams, totalsQuery } from "./query-schema.ts";
export { listRequestsReply, requestDetail, totalsReply } from "./reply-schema.ts";
