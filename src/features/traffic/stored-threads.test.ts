import { beforeEach, describe, expect, test } from "vitest";
import { openaiResponses } from "#core/dialects/openai-responses/openai-responses.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import type { CapturedContent } from "./captured-content.ts";
import { noonMs, testId, testRecord } from "./request-record.test-support.ts";
import type { RequestRecord } from "./request-record.ts";
import { memoryRequestLogStore } from "./store.memory.ts";
import type { RequestLogStore } from "./store.ts";
import {
  flushMsMax,
  lookAgainMs,
  onTheWayMsMax,
  StoredThreads,
  threadLengthMax,
  threadTurnsMax,
} from "./stored-threads.ts";

const { threads } = openaiResponses.server;
const said = { candidates: [{ index: 0, parts: [{ type: "text", text: "Aha" }] }] };

let time: FakeTime;
let store: RequestLogStore;
let looks: string[];
/** What a flush carries into the store; each is one flush. */
let onTheWay: (() => Promise<unknown>)[];
let keepsWhole: boolean;

beforeEach(() => {
  time = new FakeTime(noonMs);
  store = memoryRequestLogStore();
  looks = [];
  onTheWay = [];
  keepsWhole = true;
});

function idOf(number: number): string {
  return testId(noonMs, number);
}

interface Kept {
  readonly body?: object;
  readonly record?: Partial<RequestRecord>;
  readonly content?: Partial<CapturedContent>;
}

/** Keeps a request that goes on from the one with the number before. */
async function keep(number: number, { body, record, content }: Kept = {}): Promise<void> {
  const requestId = idOf(number);
  const previous = number > 1 ? { previous_response_id: idOf(number - 1) } : {};
  await store.insert([
    testRecord({ requestId, dialect: "openai-responses", keyId: "ann", capture: "full", ...record }),
  ]);
  await store.insertContent([
    {
      requestId,
      request: JSON.stringify({ model: "r", input: `question ${number}`, ...previous, ...body }),
      response: JSON.stringify(said),
      truncated: false,
      redactions: 0,
      ...content,
    },
  ]);
}

function readerOf(): StoredThreads {
  return new StoredThreads({
    store: {
      exchange(id) {
        looks.push(id);
        return store.exchange(id);
      },
    },
    async flush(deadlineMs) {
      looks.push(`flush ${deadlineMs}`);
      await onTheWay.shift()?.();
    },
    timers: time,
    clock: time,
    keepsWhole,
    retentionMs: () => 36 * 3_600_000,
  });
}

function turnsBefore(
  previousId: string,
  asked: { readonly keyId?: string | undefined; readonly room?: number } = {},
) {
  if (!threads) throw new Error("the dialect is wanted to know threads");
  let room = asked.room ?? Infinity;
  return readerOf().turnsBefore({
    previousId,
    keyId: "keyId" in asked ? asked.keyId : "ann",
    threads,
    takes: (bytes) => (room -= bytes) >= 0,
  });
}

/** Why a call is refused; time goes on until it is. */
async function problemOf(call: Promise<unknown>): Promise<AppError> {
  const told: unknown[] = [];
  call.then(
    () => told.push(undefined),
    (cause: unknown) => told.push(cause),
  );
  while (told.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
    time.advance(10);
  }
  const [error] = told;
  if (!(error instanceof AppError)) throw new Error(`a refusal is wanted, it is ${String(error)}`);
  return error;
}

test("a thread is followed to its beginning, and told from there", async () => {
  for (const number of [1, 2, 3]) await keep(number);
  const turns = await turnsBefore(idOf(3));
  expect(turns.map(({ items }) => items[0])).toEqual(
    [1, 2, 3].map((number) => ({ role: "user", content: `question ${number}` })),
  );
  expect(turns[0]?.items[1]).toMatchObject({ role: "assistant", content: [{ text: "Aha" }] });
  expect(looks).toEqual([idOf(3), idOf(2), idOf(1)]);
});

test("one that is on its way to the store is waited for", async () => {
  onTheWay = [() => keep(1)];
  expect(await turnsBefore(idOf(1))).toHaveLength(1);
  expect(looks).toEqual([idOf(1), `flush ${flushMsMax}`, idOf(1)]);
});

test("one that is written while others still wait is seen before all are", async () => {
  onTheWay = [() => new Promise(() => undefined)];
  const turns = turnsBefore(idOf(1));
  await expect.poll(() => looks).toContain(`flush ${flushMsMax}`);
  await keep(1);
  time.advance(lookAgainMs[0]);
  expect(await turns).toHaveLength(1);
});

test("one whose content is still on its way is waited for", async () => {
  const record = { dialect: "openai-responses", keyId: "ann", capture: "full" } as const;
  await store.insert([testRecord({ requestId: idOf(1), ...record })]);
  onTheWay = [() => keep(1)];
  expect(await turnsBefore(idOf(1))).toHaveLength(1);
});

test("one that another replica writes is waited for", async () => {
  const turns = turnsBefore(idOf(1));
  for (const [look, pauseMs] of lookAgainMs.slice(1).entries()) {
    await expect.poll(() => looks.filter((id) => id === idOf(1))).toHaveLength(look + 2);
    if (look === 3) await keep(1);
    time.advance(pauseMs);
  }
  expect(await turns).toHaveLength(1);
});

test("one that nobody knows is waited for so long, and not at all when it would be there long ago", async () => {
  await problemOf(turnsBefore(idOf(1)));
  expect(time.nowMs() - noonMs).toBeGreaterThan(1_000);
  expect(time.nowMs() - noonMs).toBeLessThan(2_000);
  expect(looks).toHaveLength(lookAgainMs.length + 2);
  time.advance(onTheWayMsMax);
  looks = [];
  await problemOf(turnsBefore(idOf(1)));
  expect(looks).toEqual([idOf(1)]);
});

test("of many that wait no flush is for one alone, and none is earlier than the wait", async () => {
  const reader = readerOf();
  let flushed: (() => void) | undefined;
  onTheWay = [() => new Promise<void>((resolve) => (flushed = resolve)), () => keep(1)];
  if (!threads) throw new Error("the dialect is wanted to know threads");
  const asked = { previousId: idOf(1), keyId: "ann", threads, takes: () => true };
  const first = problemOf(reader.turnsBefore(asked));
  await expect.poll(() => flushed).toBeDefined();
  const later = [reader.turnsBefore(asked), reader.turnsBefore(asked)];
  await expect.poll(() => looks.filter((look) => look === idOf(1))).toHaveLength(3);
  flushed?.();
  expect((await Promise.all(later)).map((turns) => turns.length)).toEqual([1, 1]);
  await first.catch(() => undefined);
  expect(looks.filter((look) => look.startsWith("flush"))).toHaveLength(2);
});

describe("an answer is unknown", () => {
  test.each<[string, Kept]>([
    ["of another key", { record: { keyId: "bob" } }],
    ["that failed", { record: { outcome: "failed" } }],
    ["that its client left", { record: { outcome: "aborted" } }],
    ["in another dialect", { record: { dialect: "openai-chat" } }],
    ["that only counts", { record: { operation: "count-tokens" } }],
    ["of which something was taken out", { content: { redactions: 1 } }],
    ["that was cut", { content: { truncated: true, response: '{"candi' } }],
    ["that never came", { content: { response: "" } }],
    ["that was not to be stored", { body: { store: false } }],
    [
      "to media that is not kept",
      { body: { input: [{ role: "user", content: "[media: 4000 characters, sha256 0123456789abcdef]" }] } },
    ],
  ])("%s", async (_what, kept) => {
    await keep(1, kept);
    expect(await problemOf(turnsBefore(idOf(1)))).toMatchObject({
      code: "previous-response-not-found",
      field: "previous_response_id",
      message: expect.stringContaining("within the last 36 hours, on a route with capture: full"),
    });
  });

  test("at once, where its route does not keep what is said", async () => {
    await store.insert([testRecord({ requestId: idOf(1), dialect: "openai-responses", keyId: "ann" })]);
    await problemOf(turnsBefore(idOf(1)));
    expect(looks).toEqual([idOf(1)]);
  });

  test("to somebody without a key, where one was used, and the other way round", async () => {
    await keep(1);
    expect(await problemOf(turnsBefore(idOf(1), { keyId: undefined }))).toMatchObject({
      code: "previous-response-not-found",
    });
  });

  test("when a turn before it is gone, which is named", async () => {
    for (const number of [1, 3]) await keep(number);
    await keep(2, { record: { outcome: "failed" } });
    const { message } = await problemOf(turnsBefore(idOf(3)));
    expect(message).toContain(`"${idOf(3)}"`);
    expect(message).toContain(`of its earlier turns "${idOf(2)}" is none`);
  });

  test.each(["", "resp_1", "'; drop table requests; --", "x".repeat(10_000)])(
    "under what is no id of ours, without a look into the store: %#",
    async (id) => {
      const { message } = await problemOf(turnsBefore(id));
      expect(message.length).toBeLessThan(500);
      expect(looks).toEqual([]);
    },
  );

  test("where content is redacted, without a look into the store", async () => {
    await keep(1);
    keepsWhole = false;
    expect(await problemOf(turnsBefore(idOf(1)))).toMatchObject({ code: "previous-response-not-found" });
    expect(looks).toEqual([]);
  });
});

describe("a thread is bounded", () => {
  test("in its turns", async () => {
    for (let number = 1; number <= threadTurnsMax + 1; number++) await keep(number);
    expect(await turnsBefore(idOf(threadTurnsMax))).toHaveLength(threadTurnsMax);
    expect(await problemOf(turnsBefore(idOf(threadTurnsMax + 1)))).toMatchObject({
      code: "invalid-request",
      field: "previous_response_id",
      message: expect.stringContaining(`at most ${threadTurnsMax} earlier turns are wanted`),
    });
  });

  test("in its length", async () => {
    const input = "word ".repeat(threadLengthMax / 4 / 5);
    for (const number of [1, 2, 3, 4]) await keep(number, { body: { input } });
    expect(await turnsBefore(idOf(3))).toHaveLength(3);
    expect((await problemOf(turnsBefore(idOf(4)))).message).toContain(
      `at most ${threadLengthMax} characters of earlier turns are wanted`,
    );
  });

  test("by the memory that there is", async () => {
    for (const number of [1, 2, 3]) await keep(number);
    expect(await problemOf(turnsBefore(idOf(3), { room: 300 }))).toMatchObject({
      code: "overloaded",
      retryable: true,
    });
  });
});
