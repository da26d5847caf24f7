import { describe, expect, test } from "vitest";
import type { AppError } from "#core/kernel/app-error.ts";
import type { Result } from "#core/kernel/result.ts";
import { noonMs, testId, testRecord } from "#features/traffic/request-record.test-support.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import { testEntry } from "./feedback.test-support.ts";
import type { FeedbackEntry, KeptFeedback } from "./feedback.ts";
import { pendingMax, perSubjectMax, revisionsMax } from "./keep-feedback.ts";
import type { FeedbackStore } from "./store.ts";

/** A store without feedback over a log with these requests. */
export type EmptyFeedbackStore = (log?: readonly RequestRecord[]) => Promise<FeedbackStore>;

const ann = "key_ann";
const later = { fromMs: noonMs - 60_000, toMs: noonMs + 86_400_000, filters: {}, positiveAbove: 0 };

function kept(results: readonly Result<KeptFeedback, AppError>[], index = 0): KeptFeedback {
  const result = results[index];
  if (!result?.ok) throw result?.error ?? new Error("There is no such result");
  return result.value;
}

async function keptOne(store: FeedbackStore, entry: FeedbackEntry, nowMs = noonMs): Promise<KeptFeedback> {
  return kept(await store.keep(ann, [entry], nowMs));
}

/** What every feedback store must do. */
export function feedbackContract(name: string, emptyStore: EmptyFeedbackStore): void {
  describe(`feedback: ${name}`, () => {
    test("comes back as it went in, with every value and with one", async () => {
      const store = await emptyStore();
      const full = testEntry(1, {
        values: { score: -2.5, label: 'so "so" é🚦', comment: "line 1\nline 2 \\ é🚦", outcome: 19.9 },
        request: { route: "support", variant: "fast", unit: "u", conversation: "c" },
        atMs: noonMs - 5_000,
        clientId: "vote-1",
      });
      const bare = testEntry(2, {
        subject: { kind: "unit", id: "mQ3vJ8s1TzKf0aWcX9LbYg" },
        source: "judge",
        values: { outcome: false },
      });
      const { request: _request, ...unit } = bare;
      const results = await store.keep(ann, [full, unit], noonMs);
      const feedback = {
        id: full.newId,
        subject: full.subject,
        name: "thumbs",
        source: "end_user",
        author: ann,
        values: full.values,
        atMs: noonMs - 5_000,
        receivedAtMs: noonMs,
        revision: 1,
        revisionCount: 1,
        state: "joined",
        request: full.request,
      };
      expect(kept(results)).toEqual({ change: "created", feedback });
      const revision = { feedbackId: full.newId, revision: 1, values: full.values, clientId: "vote-1" };
      expect(await store.get(full.newId)).toEqual({
        feedback,
        revisions: [{ ...revision, atMs: noonMs - 5_000, receivedAtMs: noonMs }],
      });
      const page = await store.list({ filters: {}, limit: 10 });
      expect(page).toEqual({ feedback: [kept(results, 1).feedback, feedback] });
      expect(page.feedback[0]).toMatchObject({ values: { outcome: false }, subject: unit.subject });
      expect(await store.get(testId(noonMs, 77))).toBeUndefined();
    });

    test("the last one wins, and what it replaced is kept", async () => {
      const store = await emptyStore();
      const first = await keptOne(store, testEntry(1, { values: { score: 1, comment: "good" } }));
      const second = await keptOne(store, testEntry(1, { values: { score: -1 } }), noonMs + 10);
      expect(second).toMatchObject({ change: "revised", feedback: { revision: 2, revisionCount: 2 } });
      expect(second.feedback.id).toBe(first.feedback.id);
      expect(second.feedback.values).toEqual({ score: -1 });
      const history = await store.get(first.feedback.id);
      expect(history?.feedback).toEqual(second.feedback);
      expect(history?.revisions.map(({ values }) => values)).toEqual([
        { score: 1, comment: "good" },
        { score: -1 },
      ]);
    });

    test("what was observed earlier and comes later does not win", async () => {
      const store = await emptyStore();
      const { feedback } = await keptOne(store, testEntry(1));
      const late = await keptOne(
        store,
        testEntry(1, { values: { score: -1 }, atMs: noonMs - 9_000 }),
        noonMs + 10,
      );
      expect(late).toEqual({ change: "superseded", feedback: { ...feedback, revisionCount: 2 } });
      expect((await store.get(feedback.id))?.revisions.map(({ revision }) => revision)).toEqual([1, 2]);
      const again = await keptOne(store, testEntry(1, { values: { score: 0 } }), noonMs + 20);
      expect(again.feedback).toMatchObject({ values: { score: 0 }, revision: 3, revisionCount: 3 });
    });

    test("the same said again, or sent again under the same id, changes nothing", async () => {
      const store = await emptyStore();
      const first = await keptOne(store, testEntry(1, { clientId: "vote-1" }));
      const same = await keptOne(store, testEntry(1), noonMs + 10);
      const repeated = testEntry(1, { clientId: "vote-1", values: { score: -1 } });
      const sent = await keptOne(store, repeated, noonMs + 20);
      for (const result of [same, sent])
        expect(result).toEqual({ change: "unchanged", feedback: first.feedback });
      expect((await store.get(first.feedback.id))?.revisions).toHaveLength(1);
      const other = await store.keep("key_bob", [{ ...repeated, newId: testId(noonMs, 51) }], noonMs + 30);
      expect(kept(other).change).toBe("created");
    });

    test("another name, source, subject or author is other feedback", async () => {
      const store = await emptyStore();
      const entries = [
        testEntry(1),
        testEntry(1, { newId: testId(noonMs, 51), name: "stars" }),
        testEntry(1, { newId: testId(noonMs, 52), source: "human" }),
        testEntry(2, { newId: testId(noonMs, 53) }),
      ];
      const results = await store.keep(ann, entries, noonMs);
      const others = await store.keep("key_bob", [testEntry(1, { newId: testId(noonMs, 54) })], noonMs);
      expect([...results, ...others].map((result) => result.ok && result.value.change)).toEqual(
        Array(5).fill("created"),
      );
    });

    test("entries of one call count in their order", async () => {
      const store = await emptyStore();
      const results = await store.keep(
        ann,
        [
          testEntry(1, { clientId: "a" }),
          testEntry(1, { newId: testId(noonMs, 51), values: { score: -1 } }),
          testEntry(1, { newId: testId(noonMs, 52), clientId: "a", values: { score: 7 } }),
        ],
        noonMs,
      );
      expect(results.map((result) => result.ok && result.value.change)).toEqual([
        "created",
        "revised",
        "unchanged",
      ]);
      const { feedback } = await store.list({ filters: {}, limit: 10 });
      expect(feedback).toMatchObject([{ values: { score: -1 }, revision: 2 }]);
      expect(kept(results, 2).feedback).toEqual(feedback[0]);
    });

    test("of many at once on one subject none is lost and one row counts", async () => {
      const store = await emptyStore();
      const scores = Array.from({ length: 12 }, (_, score) => score);
      const results = await Promise.all(
        scores.map((score) =>
          store.keep(
            ann,
            [
              testEntry(1, {
                newId: testId(noonMs, 100 + score),
                values: { score },
                clientId: `id-${score % 10}`,
              }),
            ],
            noonMs,
          ),
        ),
      );
      const changes = results.map((result) => kept(result).change);
      expect(changes.filter((change) => change === "created")).toHaveLength(1);
      expect(changes.filter((change) => change === "unchanged")).toHaveLength(2);
      const { feedback } = await store.list({ filters: {}, limit: 10 });
      expect(feedback).toHaveLength(1);
      const history = await store.get(feedback[0]?.id ?? "");
      expect(history?.revisions.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(history?.revisions.at(-1)?.values).toEqual(history?.feedback.values);
    });

    test("the newest revisions are kept, and the one that counts", async () => {
      const store = await emptyStore();
      const { feedback } = await keptOne(store, testEntry(1));
      for (let number = 1; number <= revisionsMax + 3; number += 1)
        await keptOne(
          store,
          testEntry(1, { values: { score: number }, atMs: noonMs - number }),
          noonMs + number,
        );
      const numbers = (await store.get(feedback.id))?.revisions.map(({ revision }) => revision);
      expect(numbers).toHaveLength(revisionsMax + 1);
      expect(numbers?.[0]).toBe(1);
      expect(numbers?.at(-1)).toBe(revisionsMax + 4);
    });

    test("names on one subject are bounded, for each author", async () => {
      const store = await emptyStore();
      const names = Array.from({ length: perSubjectMax + 2 }, (_, number) =>
        testEntry(1, { newId: testId(noonMs, 2_000 + number), name: `n${number}` }),
      );
      const results = await store.keep(ann, names, noonMs);
      expect(results.filter(({ ok }) => ok)).toHaveLength(perSubjectMax);
      const [refused] = await store.keep(ann, names.slice(-1), noonMs);
      expect(refused).toMatchObject({ ok: false, error: { code: "conflict" } });
      expect(kept(await store.keep("key_bob", [testEntry(1)], noonMs)).change).toBe("created");
      // What is there already can still be revised.
      expect((await keptOne(store, testEntry(1, { name: "n0", values: { score: 9 } }))).change).toBe(
        "revised",
      );
    });

    test("what waits is bounded, found oldest first, joined once or given up", async () => {
      const store = await emptyStore();
      const waiting = Array.from({ length: pendingMax + 1 }, (_, number) => pendingEntry(number));
      const results = await store.keep(ann, waiting, noonMs);
      expect(results.at(-1)).toMatchObject({ ok: false, error: { code: "overloaded", retryable: true } });
      expect(results.filter(({ ok }) => ok)).toHaveLength(pendingMax);
      const [one, two, three] = await store.pending({ limit: 3 });
      expect([one?.id, two?.id, three?.id]).toEqual(waiting.slice(0, 3).map(({ newId }) => newId));
      expect((await store.pending({ limit: 2, after: one?.id ?? "" })).map(({ id }) => id)).toEqual([
        two?.id,
        three?.id,
      ]);
      await store.join(one?.id ?? "", { route: "support", variant: "deep" });
      await store.join(one?.id ?? "", { route: "other" });
      await store.expire(one?.id ?? "", "late");
      await store.expire(two?.id ?? "", "none came");
      await store.join(two?.id ?? "", { route: "other" });
      expect((await store.get(one?.id ?? ""))?.feedback).toEqual({
        ...one,
        state: "joined",
        request: { route: "support", variant: "deep" },
      });
      expect((await store.get(two?.id ?? ""))?.feedback).toEqual({
        ...two,
        state: "expired",
        reason: "none came",
      });
      expect(await store.pending({ limit: pendingMax })).toHaveLength(pendingMax - 2);
      // There is room again.
      expect((await keptOne(store, waiting.at(-1) ?? testEntry(0))).change).toBe("created");
    });

    test("what waited is joined by being said again, and never becomes unknown again", async () => {
      const store = await emptyStore();
      const waiting = pendingEntry(1);
      const { feedback } = await keptOne(store, waiting);
      expect(feedback.state).toBe("pending");
      await store.expire(feedback.id, "none came");
      const joined = await keptOne(store, { ...waiting, state: "joined", request: { route: "support" } });
      expect(joined).toEqual({
        change: "unchanged",
        feedback: { ...feedback, state: "joined", request: { route: "support" } },
      });
      expect((await store.get(feedback.id))?.feedback).toEqual(joined.feedback);
      const revised = await keptOne(store, { ...waiting, values: { score: -1 } });
      expect(revised.feedback).toMatchObject({ state: "joined", request: { route: "support" } });
    });

    test("lists by every filter, a page at a time", async () => {
      const store = await emptyStore();
      await store.keep(
        ann,
        [
          testEntry(1),
          testEntry(2, { name: "stars", source: "human" }),
          testEntry(3, { request: { route: "search", variant: "deep" } }),
          pendingEntry(4),
        ],
        noonMs,
      );
      const found = async (filters: Parameters<FeedbackStore["list"]>[0]["filters"]) =>
        (await store.list({ filters, limit: 10 })).feedback.map(({ subject }) => subject.id);
      const ids = [1, 2, 3, 4].map((number) => testId(noonMs, number));
      expect(await found({})).toEqual(ids.toReversed());
      expect(await found({ requestId: testId(noonMs, 2) })).toEqual([ids[1]]);
      expect(await found({ name: "stars" })).toEqual([ids[1]]);
      expect(await found({ source: "human" })).toEqual([ids[1]]);
      expect(await found({ route: "search" })).toEqual([ids[2]]);
      expect(await found({ variant: "fast" })).toEqual([ids[1], ids[0]]);
      expect(await found({ state: "pending" })).toEqual([ids[3]]);
      expect(await found({ fromMs: noonMs + 2, toMs: noonMs + 4 })).toEqual([ids[2], ids[1]]);
      const first = await store.list({ filters: {}, limit: 3 });
      expect(first.next).toBe(first.feedback.at(-1)?.id);
      const second = await store.list({ filters: {}, limit: 3, before: first.next ?? "" });
      expect(second.feedback.map(({ subject }) => subject.id)).toEqual([ids[0]]);
      expect(second.next).toBeUndefined();
    });

    test("sums up by route, variant and name what is joined", async () => {
      const store = await emptyStore();
      const unit = testEntry(9, { subject: { kind: "unit", id: "u" }, values: { outcome: 4 } });
      const { request: _request, ...aboutUnit } = unit;
      await store.keep(
        ann,
        [
          testEntry(1, { values: { score: 1, outcome: false } }),
          testEntry(2, { values: { score: -1, outcome: true } }),
          testEntry(3, { values: { outcome: true } }),
          testEntry(4, { values: { label: "odd" } }),
          testEntry(5, { request: { route: "support", variant: "deep" } }),
          testEntry(6, { values: { score: 100 }, atMs: noonMs - 3_600_000 }),
          pendingEntry(7),
          aboutUnit,
        ],
        noonMs,
      );
      const groups = await store.summary(later);
      expect(groups).toHaveLength(3);
      expect(groups).toMatchObject([
        {
          route: "support",
          variant: "fast",
          name: "thumbs",
          count: 4,
          scores: 2,
          scoreMean: 0,
          scoreDeviations: 2,
          outcomes: 3,
          outcomeMean: 2 / 3,
          positiveShare: 2 / 3,
        },
        { variant: "deep", count: 1, scoreMean: 1, positiveShare: 1 },
        { name: "thumbs", count: 1, scores: 0, outcomes: 1, outcomeMean: 4, positiveShare: 1 },
      ]);
      expect(groups[2]).not.toHaveProperty("route");
      expect(await store.summary({ ...later, filters: { variant: "deep" }, positiveAbove: 1 })).toEqual([
        {
          route: "support",
          variant: "deep",
          name: "thumbs",
          count: 1,
          scores: 1,
          scoreMean: 1,
          scoreDeviations: 0,
          outcomes: 0,
          positiveShare: 0,
        },
      ]);
      expect(await store.summary({ ...later, filters: { name: "none" } })).toEqual([]);
    });

    test("finds requests by the upstream's id of their answer", async () => {
      const store = await emptyStore([
        testRecord({ requestId: testId(noonMs, 1), upstreamResponseId: "chatcmpl-1" }),
        testRecord({ requestId: testId(noonMs, 2), upstreamResponseId: "chatcmpl-1" }),
        testRecord({ requestId: testId(noonMs, 3), upstreamResponseId: "chatcmpl-3" }),
        testRecord({ requestId: testId(noonMs, 4) }),
      ]);
      expect(await store.requestsAnswering("chatcmpl-1", 10)).toEqual([testId(noonMs, 2), testId(noonMs, 1)]);
      expect(await store.requestsAnswering("chatcmpl-1", 1)).toEqual([testId(noonMs, 2)]);
      expect(await store.requestsAnswering("chatcmpl-2", 10)).toEqual([]);
    });

    test("what is old is deleted with its revisions, the oldest first", async () => {
      const store = await emptyStore();
      for (const number of [3, 1, 2])
        await keptOne(store, testEntry(number, { clientId: `${number}` }), noonMs + number);
      const first = await store.deleteOld({ beforeMs: noonMs + 3, limit: 1 });
      expect(first).toMatchObject({ deleted: 1, next: { id: testEntry(1).newId } });
      expect(await store.get(testEntry(1).newId)).toBeUndefined();
      expect(await store.deleteOld({ beforeMs: noonMs + 3, limit: 10 })).toEqual({ deleted: 1 });
      expect((await store.list({ filters: {}, limit: 10 })).feedback.map(({ id }) => id)).toEqual([
        testEntry(3).newId,
      ]);
      expect((await keptOne(store, testEntry(1, { clientId: "1" }))).change).toBe("created");
    });
  });
}

function pendingEntry(number: number): FeedbackEntry {
  const { request: _request, ...entry } = testEntry(number, { state: "pending" });
  return entry;
}
