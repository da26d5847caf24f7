export type {
  AttemptRecord,
  CandidateRecord,
  DecisionRecord,
  Operation,
  Outcome,
  RequestRecord,
  Timings,
} from "./request-record.ts";
