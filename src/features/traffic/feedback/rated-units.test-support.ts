import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import type { AssignedRecord, RequestRecord } from "#features/traffic/request-record.ts";
import { testEntry } from "./feedback.test-support.ts";
import type { FeedbackEntry } from "./feedback.ts";
import { ratedRequest } from "./find-subject.ts";

const dayMs = 86_400_000;

/** A request of a unit, told apart by a number. */
export function exposed(
  number: number,
  assigned: Partial<AssignedRecord>,
  startedAtMs = noonMs,
): RequestRecord {
  return testRecord({
    requestId: testId(noonMs, number),
    startedAtMs,
    decision: testDecision({ experiment: testAssignment(assigned) }),
  });
}

/** Feedback on a request. */
export function onRequest(record: RequestRecord, changes: Partial<FeedbackEntry> = {}): FeedbackEntry {
  const request = ratedRequest(record);
  return testEntry(0, {
    newId: newId(),
    subject: { kind: "request", id: record.requestId },
    request,
    ...changes,
  });
}

/** Feedback on a conversation, or a unit, by its pseudonym. */
export function onNamed(id: string, atMs: number, changes: Partial<FeedbackEntry> = {}): FeedbackEntry {
  const { request: _request, ...entry } = testEntry(0, {
    newId: newId(),
    subject: { kind: "conversation", id },
    atMs,
    ...changes,
  });
  return entry;
}

let ids = 0;
function newId(): string {
  ids += 1;
  return testId(noonMs + dayMs, ids);
}
