import { describe, expect, test } from "vitest";
import {
  noonMs,
  testAssignment,
  testDecision,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import { testEntry } from "./feedback.test-support.ts";
import type { FeedbackEntry } from "./feedback.ts";
import type { EmptyFeedbackStore } from "./store.contract.ts";
import type { OldFeedbackPlace } from "./store.ts";

const assigned = testAssignment({ phase: 2, unit: "ann" });

/** Feedback on a request of a unit in a phase. */
function rated(number: number, phase: number, unit: string): FeedbackEntry {
  const { name: experiment, variant } = assigned;
  return testEntry(number, { request: { exposure: { experiment, phase, variant, unit } } });
}

/** Feedback on a unit. */
function about(number: number, id: string): FeedbackEntry {
  const { request: _request, ...entry } = testEntry(number, { subject: { kind: "unit", id } });
  return entry;
}

/**
 * What every feedback store must do with old feedback that experiments need.
 * @param emptyStore gives a store without feedback over a log with these requests
 */
export function oldFeedbackContract(name: string, emptyStore: EmptyFeedbackStore): void {
  describe(`old feedback: ${name}`, () => {
    test("what counts for a unit that an experiment has stays, and is passed by", async () => {
      const store = await emptyStore([testRecord({ decision: testDecision({ experiment: assigned }) })]);
      const needed = [rated(1, 2, "ann"), about(2, "ann")];
      const others = [rated(3, 1, "ann"), rated(4, 2, "bob"), about(5, "bob"), testEntry(6)];
      await store.keep("key_ann", [...needed, ...others], noonMs);
      let place: OldFeedbackPlace | undefined;
      let deleted = 0;
      for (let page = 1; page <= 3; page += 1) {
        const old = await store.deleteOld({ beforeMs: noonMs + 1, limit: 2, ...(place && { after: place }) });
        deleted += old.deleted;
        place = old.next;
      }
      expect(deleted).toBe(others.length);
      const left = (await store.list({ filters: {}, limit: 10 })).feedback.map(({ id }) => id);
      expect(left.toSorted()).toEqual(needed.map(({ newId }) => newId));
    });
  });
}
