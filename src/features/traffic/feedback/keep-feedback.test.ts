import * as fc from "fast-check";
import { expect, test } from "vitest";
import { noonMs, testId } from "#features/traffic/request-record.test-support.ts";
import { testEntry } from "./feedback.test-support.ts";
import type { Feedback } from "./feedback.ts";
import { keepFeedback, type KnownFeedback } from "./keep-feedback.ts";

/** What is known after entries were kept. */
function after(known: KnownFeedback, changed: readonly Feedback[]): KnownFeedback {
  const byId = new Map([...known.feedback, ...changed].map((feedback) => [feedback.id, feedback]));
  return { ...known, feedback: [...byId.values()] };
}

const nothing: KnownFeedback = { author: "key_ann", feedback: [], byClientId: new Map(), pending: 0 };

test("however entries come and are cut into calls, the one observed last counts, of equal ones the one that came last", () => {
  const said = fc.record({ score: fc.integer({ min: 0, max: 3 }), ageMs: fc.integer({ min: -5, max: 20 }) });
  fc.assert(
    fc.property(fc.array(fc.array(said, { minLength: 1, maxLength: 5 }), { maxLength: 6 }), (calls) => {
      let known = nothing;
      let wanted: { readonly score: number; readonly atMs: number } | undefined;
      let revisions = 0;
      let made = 0;
      for (const [call, items] of calls.entries()) {
        const nowMs = noonMs + call;
        const entries = items.map(({ score, ageMs }) => {
          made += 1;
          return testEntry(1, { newId: testId(noonMs, made), values: { score }, atMs: nowMs - ageMs });
        });
        const kept = keepFeedback(known, entries, nowMs);
        for (const { values, atMs = 0 } of entries) {
          const score = values.score ?? 0;
          const observedMs = Math.min(atMs, nowMs);
          const same = wanted?.score === score && wanted.atMs === observedMs;
          if (!same) revisions += 1;
          if (!wanted || observedMs >= wanted.atMs) wanted = { score, atMs: observedMs };
        }
        expect(kept.revisions.map(({ revision }) => revision)).toEqual(
          kept.revisions.map((_, index) => revisions - kept.revisions.length + 1 + index),
        );
        known = after(known, kept.changed);
      }
      expect(known.feedback).toHaveLength(wanted ? 1 : 0);
      if (wanted)
        expect(known.feedback).toMatchObject([
          { values: { score: wanted.score }, atMs: wanted.atMs, revisionCount: revisions },
        ]);
    }),
  );
});

test("what was observed in the future by the sender's clock was observed now, and can be corrected at once", () => {
  const ahead = keepFeedback(nothing, [testEntry(1, { atMs: noonMs + 200_000 })], noonMs);
  expect(ahead.changed).toMatchObject([{ atMs: noonMs }]);
  const corrected = keepFeedback(
    after(nothing, ahead.changed),
    [testEntry(1, { values: { score: -1 } })],
    noonMs + 1,
  );
  expect(corrected.changed).toMatchObject([{ values: { score: -1 }, revision: 2 }]);
});
