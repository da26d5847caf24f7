import { noonMs, testId } from "#features/traffic/request-record.test-support.ts";
import type { FeedbackEntry } from "./feedback.ts";

/** A thumb up on a request of that number, its own id with a number of its own; `changes` say what is different. */
export function testEntry(number: number, changes: Partial<FeedbackEntry> = {}): FeedbackEntry {
  return {
    newId: testId(noonMs + number, 1_000 + number),
    subject: { kind: "request", id: testId(noonMs, number) },
    name: "thumbs",
    source: "end_user",
    values: { score: 1 },
    state: "joined",
    request: { route: "support", variant: "fast", unit: "unit-pseudonym" },
    ...changes,
  };
}
