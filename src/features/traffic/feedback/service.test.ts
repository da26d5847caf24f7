import { beforeEach, describe, expect, test } from "vitest";
import { requestId } from "#core/kernel/request-id.ts";
import type { Principal } from "#features/access/index.ts";
import { RecentRequests } from "#features/traffic/recent-requests.ts";
import { noonMs, testDecision, testId, testRecord } from "#features/traffic/request-record.test-support.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { clockSkewMsMax, unknownMsMax } from "./find-subject.ts";
import { feedbackService, type FeedbackDraft, type FeedbackService } from "./service.ts";
import { memoryFeedbackStore } from "./store.memory.ts";
import type { FeedbackStore } from "./store.ts";
import { idleMs, patienceMs, settleMs, WaitingFeedback } from "./waiting-feedback.ts";

const dayMs = 86_400_000;
const windowMs = 90 * dayMs;
const ann: Principal = { kind: "key", keyId: "key_ann", scopes: ["data"] };
const bob: Principal = { kind: "key", keyId: "key_bob", scopes: ["data"] };
const boss: Principal = { kind: "key", keyId: "key_boss", scopes: ["data", "admin"] };
const admin: Principal = { kind: "admin" };

let time: FakeTime;
let log: RequestRecord[];
let recent: RecentRequests;
let store: FeedbackStore;
let waiting: WaitingFeedback;
let service: FeedbackService;
let failures: Error[];
/** When set the log cannot be read. */
let away: Error | undefined;

beforeEach(() => {
  time = new FakeTime(noonMs);
  log = [];
  failures = [];
  away = undefined;
  recent = new RecentRequests();
  store = memoryFeedbackStore(() => log);
  const request = (id: string) =>
    away ? Promise.reject(away) : Promise.resolve(log.find((record) => record.requestId === id));
  waiting = new WaitingFeedback({
    store,
    request,
    clock: time,
    timers: time,
    retentionMs: () => windowMs,
    onEvent: ({ error }) => failures.push(error),
  });
  let made = 0;
  service = feedbackService({
    store,
    request,
    recent,
    clock: time,
    random: { bytes: (count) => new Uint8Array(count).fill(++made) },
    pseudonym: (kind, name) => `${kind}:${name}`,
    windowMs: () => windowMs,
    waiting: () => waiting.added(),
  });
});

function thumb(changes: Partial<FeedbackDraft> = {}): FeedbackDraft {
  return {
    target: { kind: "request", name: testId(noonMs, 1) },
    name: "thumbs",
    source: "end_user",
    values: { score: 1 },
    ...changes,
  };
}

/** One given feedback: as it now counts, or the code it was refused with. */
async function given(principal: Principal, changes: Partial<FeedbackDraft> = {}) {
  const [result] = await service.give([thumb(changes)], principal);
  if (!result) throw new Error("There is no result");
  return result.ok ? result.value.feedback : result.error.code;
}

/** Lets what the last advance began come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

const annsRecord = testRecord({
  requestId: testId(noonMs, 1),
  keyId: "key_ann",
  unit: { id: "u", source: "header" },
  conversation: "c",
  upstreamResponseId: "chatcmpl-1",
});

describe("what feedback is about", () => {
  test("a request of the same key brings route, variant and pseudonyms with it", async () => {
    log.push(annsRecord);
    expect(await given(ann)).toMatchObject({
      state: "joined",
      author: "key_ann",
      request: { route: "support", variant: "fast", unit: "u", conversation: "c" },
    });
  });

  test("the answer's id is the request's, and the provider's own id leads to it", async () => {
    log.push(annsRecord);
    recent.add(testRecord({ ...annsRecord, requestId: testId(noonMs, 2), upstreamResponseId: "resp-2" }));
    log.push(...recent.all());
    const subjects = await Promise.all(
      [testId(noonMs, 1), "chatcmpl-1", "resp-2"].map(async (name) =>
        given(ann, { target: { kind: "response", name } }),
      ),
    );
    expect(subjects).toMatchObject([1, 1, 2].map((number) => ({ subject: { id: testId(noonMs, number) } })));
  });

  test("an answer's id that several requests share is refused, unless one of them is the caller's", async () => {
    const target = { kind: "response", name: "chatcmpl-1" } as const;
    log.push(annsRecord, testRecord({ ...annsRecord, requestId: testId(noonMs, 2), keyId: "key_bob" }));
    expect(await given(ann, { target })).toMatchObject({ subject: { id: testId(noonMs, 1) } });
    expect(await given(admin, { target })).toBe("conflict");
    expect(await given(ann, { target: { ...target, name: "no-such" } })).toBe("not-found");
  });

  test("units and conversations are kept by pseudonym only", async () => {
    for (const kind of ["unit", "conversation"] as const)
      expect(await given(ann, { target: { kind, name: "Zoë" } })).toMatchObject({
        state: "joined",
        subject: { kind, id: `${kind}:Zoë` },
      });
  });

  test("a request without a decision is rated without a route", async () => {
    const { decision: _decision, unit: _unit, ...refused } = annsRecord;
    log.push(refused);
    expect(await given(ann)).toMatchObject({ state: "joined", request: { conversation: "c" } });
  });
});

describe("whose request it is", () => {
  test("another key gets the answer of an unknown request; administrators may rate any", async () => {
    log.push(annsRecord);
    const [foreign] = await service.give([thumb()], bob);
    const unknownId = testId(noonMs - unknownMsMax - 1, 1);
    const [unknown] = await service.give([thumb({ target: { kind: "request", name: unknownId } })], bob);
    expect(foreign).toMatchObject({ ok: false, error: { code: "not-found" } });
    const text = (result: typeof foreign, id: string) => !result?.ok && result?.error.message.replace(id, "");
    expect(text(foreign, annsRecord.requestId)).toBe(text(unknown, unknownId));
    expect(await given(admin)).toMatchObject({ author: "admin" });
    expect(await given(boss)).toMatchObject({ author: "admin key_boss" });
  });

  test("a request made without a key is not a key holder's", async () => {
    const { keyId: _keyId, ...open } = annsRecord;
    log.push(open);
    expect(await given(ann)).toBe("not-found");
    expect(await given({ kind: "anyone" })).toMatchObject({ author: "anyone", state: "joined" });
  });
});

describe("when it comes", () => {
  test("up to the end of the window, then it is expired, also where there is no such request", async () => {
    log.push(annsRecord);
    time.advance(windowMs);
    expect(await given(ann)).toMatchObject({ state: "joined" });
    time.advance(1);
    expect(await given(ann)).toBe("expired");
    expect(await given(bob)).toBe("expired");
    expect(await given(ann, { target: { kind: "unit", name: "u" }, atMs: noonMs })).toBe("expired");
  });

  test("what was observed earlier is fine, in the future it is refused, but for a clock that is ahead", async () => {
    log.push(annsRecord);
    expect(await given(ann, { atMs: noonMs - dayMs })).toMatchObject({ atMs: noonMs - dayMs });
    expect(await given(ann, { name: "ahead", atMs: noonMs + clockSkewMsMax })).toMatchObject({
      atMs: noonMs,
    });
    expect(await given(ann, { atMs: noonMs + clockSkewMsMax + 1 })).toBe("invalid-request");
  });

  test("an id of the future is unknown", async () => {
    const name = requestId(noonMs + clockSkewMsMax + 1, new Uint8Array(10));
    expect(await given(ann, { target: { kind: "request", name } })).toBe("not-found");
  });
});

describe("a request that is not known yet", () => {
  test("is waited for, and joined when it comes", async () => {
    const early = await given(ann);
    expect(early).toMatchObject({ state: "pending" });
    time.advance(settleMs);
    await settled();
    log.push(annsRecord);
    time.advance(settleMs);
    await settled();
    const { feedback } = await service.list({ filters: {}, limit: 10 });
    expect(feedback).toMatchObject([{ state: "joined", request: { route: "support", variant: "fast" } }]);
  });

  test("that turns out to be somebody else's is not joined", async () => {
    await given(bob);
    log.push(annsRecord);
    time.advance(settleMs);
    await settled();
    const { feedback } = await service.list({ filters: {}, limit: 10 });
    expect(feedback).toMatchObject([
      { state: "expired", reason: "the request was made with another API key" },
    ]);
    expect(feedback[0]).not.toHaveProperty("request");
  });

  test("of an administrator's is joined whoever made it", async () => {
    await given(boss);
    log.push(annsRecord);
    time.advance(settleMs);
    await settled();
    expect((await service.list({ filters: { state: "joined" }, limit: 10 })).feedback).toHaveLength(1);
  });

  test("is given up at last, with a reason", async () => {
    await given(ann);
    for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += settleMs) {
      time.advance(settleMs);
      await settled();
    }
    const { feedback } = await service.list({ filters: {}, limit: 10 });
    expect(feedback).toMatchObject([{ state: "expired", reason: "no such request came" }]);
  });

  test("is not waited for once it is long ago", async () => {
    time.advance(unknownMsMax + 1);
    expect(await given(ann)).toBe("not-found");
  });
});

describe("the database", () => {
  test("that is away fails the whole call, and waiting goes on when it is back, told of once", async () => {
    await given(ann);
    away = new Error("away");
    await expect(service.give([thumb(), thumb()], ann)).rejects.toThrow("away");
    for (let look = 0; look < 3; look += 1) {
      time.advance(settleMs);
      await settled();
    }
    expect(failures).toEqual([away]);
    away = undefined;
    log.push(annsRecord);
    time.advance(settleMs);
    await settled();
    expect((await service.list({ filters: { state: "joined" }, limit: 10 })).feedback).toHaveLength(1);
  });

  test("does not keep feedback longer than requests", async () => {
    log.push(annsRecord);
    await given(ann);
    time.advance(settleMs);
    await settled();
    time.advance(windowMs);
    await settled();
    time.advance(idleMs);
    await settled();
    expect((await service.list({ filters: {}, limit: 10 })).feedback).toEqual([]);
  });

  test("is left alone after a close", async () => {
    await given(ann);
    await waiting.close();
    log.push(annsRecord);
    time.advance(idleMs);
    await settled();
    expect((await service.list({ filters: { state: "pending" }, limit: 10 })).feedback).toHaveLength(1);
  });
});

test("one refused does not hold up the others", async () => {
  log.push(
    annsRecord,
    testRecord({ requestId: testId(noonMs, 3), keyId: "key_ann", decision: testDecision() }),
  );
  const results = await service.give(
    [
      thumb(),
      thumb({ target: { kind: "request", name: testId(noonMs - windowMs - 1, 2) } }),
      thumb({ target: { kind: "request", name: testId(noonMs, 3) } }),
    ],
    ann,
  );
  expect(results.map((result) => (result.ok ? result.value.change : result.error.code))).toEqual([
    "created",
    "expired",
    "created",
  ]);
});
