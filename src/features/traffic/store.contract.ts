import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prepareInsert } from "./prepare-insert.ts";
import type { RequestRecord } from "./request-record.ts";
import {
  noonMs,
  testAssignment,
  testAttempt,
  testDecision,
  testId,
  testRecord,
} from "./request-record.test-support.ts";
import type { RequestFilters, RequestLogStore } from "./store.ts";

/** Every field filled, a request that moved on once. */
const fullRecord = testRecord({
  requestId: testId(noonMs, 1),
  keyId: "key_1",
  decision: testDecision({
    experiment: testAssignment({ answered: { model: "flash-latest", version: "flash-001" } }),
  }),
  attempts: [
    testAttempt({ attempt: 1, outcome: "failed", status: 503, failure: "overloaded", chosen: "panic" }),
    testAttempt({
      attempt: 2,
      deployment: "google-b",
      continues: true,
      resumes: true,
      connectMs: 12.5,
      lastContentMs: 800,
      cost: { picoDollars: 123_000_000, estimated: true },
      usage: {
        inputTokens: 120,
        cachedInputTokens: 100,
        toolInputTokens: 3,
        outputTokens: 40,
        thinkingTokens: 25,
        inputByModality: { text: 90, image: 30 },
        cachedByModality: { text: 100 },
        outputByModality: { text: 40 },
        serviceTier: "flex",
      },
    }),
  ],
  errorCode: "upstream-failed",
  usage: {
    inputTokens: 120,
    cachedInputTokens: 100,
    toolInputTokens: 3,
    outputTokens: 40,
    thinkingTokens: 25,
  },
  cost: { picoDollars: 123_000_000, estimated: true, unpricedAttempts: 1 },
  finishReason: "stop",
  upstreamResponseId: "resp-1",
  timings: {
    queueMs: 0.75,
    gatewayMs: 1.25,
    firstByteMs: 220.5,
    firstContentMs: 240.5,
    lastContentMs: 810.25,
    totalMs: 812.5,
  },
  unit: { id: "s8FJvqk2ZkqC0mSd6XxW3A", source: "header" },
  conversation: "Qm4b1ZkqC0mSd6XxW3As8F",
  capture: "full",
  tags: { team: "search", "emoji 🚦": 'quote " and \\' },
});

/** Nothing that may be absent: a request refused before a decision. */
const bareRecord: RequestRecord = {
  requestId: testId(noonMs, 2),
  startedAtMs: noonMs,
  operation: "embeddings",
  dialect: "gemini",
  stream: false,
  model: "no-such-model",
  attempts: [],
  outcome: "refused",
  status: 404,
  timings: { queueMs: 0, totalMs: 0.5, gatewayMs: 0.5 },
  capture: "metadata",
  tags: {},
  emulated: false,
};

/**
 * What every request log must do.
 * @param emptyStore gives an empty store before each test
 */
export function requestLogContract(name: string, emptyStore: () => Promise<RequestLogStore>): void {
  describe(`request log: ${name}`, () => {
    test("a record comes back as it went in, with every field and with none of the optional ones", async () => {
      const store = await emptyStore();
      expect(await store.insert([fullRecord, bareRecord])).toBe(2);
      expect(await store.get(fullRecord.requestId)).toEqual(fullRecord);
      expect(await store.get(bareRecord.requestId)).toEqual(bareRecord);
      expect(await store.list({ filters: {}, limit: 10 })).toEqual({ records: [bareRecord, fullRecord] });
    });

    test("what was prepared elsewhere is kept as if it came by insert", async () => {
      const store = await emptyStore();
      const prepared = prepareInsert([fullRecord, bareRecord, { ...fullRecord, status: 500 }]);
      expect(await store.insertPrepared(prepared)).toBe(2);
      expect(await store.insertPrepared(prepared)).toBe(0);
      expect(await store.get(fullRecord.requestId)).toEqual(fullRecord);
      expect(await store.get(bareRecord.requestId)).toEqual(bareRecord);
      expect(await store.insertPrepared(prepareInsert([]))).toBe(0);
    });

    test("content is kept once, beside its request or without it", async () => {
      const store = await emptyStore();
      const kept = {
        requestId: fullRecord.requestId,
        request: String.raw`{"text":"a\u0000b \ud800 \"quoted\""}`,
        response: "🚦".repeat(10_000),
        truncated: true,
        redactions: 3,
      };
      const other = { ...kept, requestId: testId(noonMs + 86_400_000), truncated: false, response: "" };
      expect(await store.insertContent([kept, { ...kept, redactions: 9 }])).toBe(1);
      expect(await store.insertContent([{ ...kept, response: "changed" }, other])).toBe(1);
      expect(await store.insertContent([])).toBe(0);
      expect(await store.content(kept.requestId)).toEqual(kept);
      expect(await store.content(other.requestId)).toEqual(other);
      expect(await store.content(bareRecord.requestId)).toBeUndefined();
      expect(await store.get(kept.requestId)).toBeUndefined();
    });

    test("an exchange is there when its request is, with the content that is there", async () => {
      const store = await emptyStore();
      const { requestId } = fullRecord;
      const kept = { requestId, request: "{}", response: "{}", truncated: false, redactions: 0 };
      const keyless = { ...kept, requestId: bareRecord.requestId };
      await store.insert([fullRecord]);
      await store.insertContent([keyless]);
      expect(await store.exchange(requestId)).not.toHaveProperty("content");
      expect(await store.exchange(keyless.requestId)).toBeUndefined();
      await store.insert([bareRecord]);
      await store.insertContent([kept]);
      expect(await store.exchange(requestId)).toEqual({
        dialect: "openai-chat",
        operation: "chat",
        outcome: "completed",
        capture: "full",
        keyId: "key_1",
        content: kept,
      });
      expect(await store.exchange(keyless.requestId)).toEqual({
        dialect: "gemini",
        operation: "embeddings",
        outcome: "refused",
        capture: "metadata",
        content: keyless,
      });
    });

    test("a gap noted twice is one gap, found by the times it reaches into", async () => {
      const store = await emptyStore();
      const gap = { fromMs: noonMs, toMs: noonMs + 10, requests: 7, reason: "the disk is full (ENOSPC)" };
      const earlier = { ...gap, fromMs: noonMs - 100, toMs: noonMs - 50 };
      for (const noted of [gap, earlier, gap]) await store.recordGap(noted);
      expect(await store.gaps({ fromMs: 0, toMs: noonMs + 1 })).toEqual([earlier, gap]);
      expect(await store.gaps({ fromMs: noonMs + 10, toMs: noonMs + 20 })).toEqual([gap]);
      expect(await store.gaps({ fromMs: noonMs + 11, toMs: noonMs + 20 })).toEqual([]);
      expect(await store.gaps({ fromMs: noonMs - 40, toMs: noonMs })).toEqual([]);
    });

    test("an unknown id gives nothing", async () => {
      const store = await emptyStore();
      await store.insert([fullRecord]);
      expect(await store.get(testId(noonMs, 99))).toBeUndefined();
    });

    test("a batch sent twice, or holding one id twice, changes nothing the second time", async () => {
      const store = await emptyStore();
      const changed = {
        ...fullRecord,
        status: 500,
        attempts: [...fullRecord.attempts, testAttempt({ attempt: 3 })],
      };
      expect(await store.insert([fullRecord, changed])).toBe(1);
      expect(await store.insert([changed, bareRecord])).toBe(1);
      expect(await store.insert([])).toBe(0);
      expect(await store.get(fullRecord.requestId)).toEqual(fullRecord);
      const [sum] = await store.totals({ fromMs: noonMs, toMs: noonMs + 1, by: [] });
      expect(sum?.requests).toBe(2);
      expect(sum?.attempts).toBe(2);
    });

    test.each<[RequestFilters, readonly string[]]>([
      [{}, ["refused", "other", "served"]],
      [{ route: "support" }, ["served"]],
      [{ variant: "deep" }, ["other"]],
      [{ model: "chat" }, ["other"]],
      [{ outcome: "refused" }, ["refused"]],
      [{ keyId: "key_1" }, ["served"]],
      [{ errorCode: "upstream-failed" }, ["served"]],
      [{ conversation: "Qm4b1ZkqC0mSd6XxW3As8F" }, ["served"]],
      [{ unit: "s8FJvqk2ZkqC0mSd6XxW3A" }, ["served"]],
      [{ experiment: "flash-or-pro" }, ["other", "served"]],
      [{ experiment: "flash" }, []],
      [{ picoDollarsMin: 123_000_000 }, ["served"]],
      [{ picoDollarsMin: 123_000_001 }, []],
      [{ emulated: false }, ["refused"]],
      [{ tags: { team: "search" } }, ["served"]],
      [{ tags: { team: "search", other: "" } }, []],
      [{ tags: { "emoji 🚦": 'quote " and \\' } }, ["served"]],
      [{ deployment: "google-b" }, ["other", "served"]],
      [{ deployment: "google-a" }, ["served"]],
      [{ route: "support", outcome: "failed" }, []],
      [{ fromMs: noonMs + 1 }, ["refused", "other"]],
      [{ toMs: noonMs + 86_400_000 }, ["other", "served"]],
      [{ fromMs: noonMs + 1, toMs: noonMs + 2 }, ["other"]],
      [{ fromMs: -1, toMs: Number.MAX_SAFE_INTEGER }, ["refused", "other", "served"]],
    ])("the filter %j lists %j", async (filters, expected) => {
      const store = await emptyStore();
      const names = new Map([
        [fullRecord.requestId, "served"],
        [testId(noonMs + 1, 0), "other"],
        [testId(noonMs + 86_400_000, 0), "refused"],
      ]);
      const other = testRecord({
        startedAtMs: noonMs + 1,
        model: "chat",
        decision: testDecision({
          route: "chat",
          variant: "deep",
          experiment: { name: "flash-or-pro", phase: 2, outside: "its unit is kept out of all experiments" },
        }),
        attempts: [testAttempt({ deployment: "google-b", variant: "deep" })],
      });
      const tomorrow = {
        ...bareRecord,
        requestId: testId(noonMs + 86_400_000, 0),
        startedAtMs: noonMs + 86_400_000,
      };
      await store.insert([fullRecord, other, tomorrow]);
      const { records } = await store.list({ filters, limit: 10 });
      expect(records.map((record) => names.get(record.requestId))).toEqual(expected);
    });

    test("pages of any size give each record once, newest first, also when many share a millisecond", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ day: fc.nat(2), ms: fc.nat(2), completed: fc.boolean() }), { maxLength: 25 }),
          fc.integer({ min: 1, max: 7 }),
          async (entries, limit) => {
            const store = await emptyStore();
            const records = entries.map(({ day, ms, completed }, index) => {
              const startedAtMs = noonMs + day * 86_400_000 + ms;
              const requestId = testId(startedAtMs, index);
              return testRecord({ requestId, startedAtMs, outcome: completed ? "completed" : "failed" });
            });
            await store.insert(records);
            const wanted = records
              .filter((record) => record.outcome === "completed")
              .map((record) => record.requestId)
              .toSorted()
              .toReversed();
            expect(await everyPage(store, limit)).toEqual(wanted);
          },
        ),
        { numRuns: 20 },
      );
    });

    test("records that arrive between two pages neither repeat nor hide older ones", async () => {
      const store = await emptyStore();
      const records = [1, 2, 3, 4].map((number) => testRecord({ requestId: testId(noonMs, number * 10) }));
      await store.insert(records);
      const first = await store.list({ filters: {}, limit: 2 });
      await store.insert([testRecord({ requestId: testId(noonMs, 99) })]);
      const second = await store.list({ filters: {}, limit: 2, before: first.next ?? "" });
      expect([...first.records, ...second.records].map((record) => record.requestId)).toEqual(
        records.map((record) => record.requestId).toReversed(),
      );
      expect(second.next).toBeUndefined();
    });

    test("text that a database cannot hold does not stop a record", async () => {
      const store = await emptyStore();
      const odd = testRecord({ model: "a\0b\uD800c", tags: { "k\0": "v\uDC00" } });
      expect(await store.insert([odd])).toBe(1);
      expect((await store.get(odd.requestId))?.model).toHaveLength(odd.model.length);
    });
  });
}

/** Ids of the completed requests, page after page. */
async function everyPage(store: RequestLogStore, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let before: string | undefined;
  do {
    const page = await store.list({ filters: { outcome: "completed" }, limit, ...(before && { before }) });
    expect(page.records.length).toBeLessThanOrEqual(limit);
    ids.push(...page.records.map((record) => record.requestId));
    before = page.next;
  } while (before !== undefined);
  return ids;
}
