import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { RecentRequests } from "#features/traffic/recent-requests.ts";
import { noonMs, testId, testRecord } from "#features/traffic/request-record.test-support.ts";
import { feedbackService, type FeedbackService } from "#features/traffic/feedback/service.ts";
import { memoryFeedbackStore } from "#features/traffic/feedback/store.memory.ts";
import { importOutcomes, type OutcomeFile } from "./import-outcomes.ts";
import type { ImportReport } from "./import-tally.ts";

let feedback: FeedbackService;
/** Calls to keep feedback that go well before the store is away; absent for all. */
let callsLeft: number | undefined;

beforeEach(() => {
  const record = testRecord({ requestId: testId(noonMs, 1), upstreamResponseId: "chatcmpl-1" });
  const store = memoryFeedbackStore(() => [record]);
  callsLeft = undefined;
  let made = 0;
  const service = feedbackService({
    store,
    request: async (id) => (id === record.requestId ? record : undefined),
    recent: new RecentRequests(),
    clock: { nowMs: () => noonMs },
    random: { bytes: (count) => new Uint8Array(count).fill(++made) },
    pseudonym: (kind, name) => `${kind}:${name}`,
    windowMs: () => 90 * 86_400_000,
    waiting: () => undefined,
  });
  feedback = {
    ...service,
    give(drafts, principal) {
      if (callsLeft !== undefined && callsLeft-- === 0)
        return Promise.reject(
          new AppError("store-unavailable", "Cannot keep feedback: the database is away"),
        );
      return service.give(drafts, principal);
    },
  };
});

interface Options extends Partial<Omit<OutcomeFile, "bytes" | "defaults">> {
  readonly defaults?: Partial<OutcomeFile["defaults"]>;
  /** Bytes of a piece in which the file comes. */
  readonly pieceBytes?: number;
}

function imported(file: string | Uint8Array, options: Options = {}): Promise<ImportReport> {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  const { pieceBytes = 65_536, defaults, ...rest } = options;
  return importOutcomes(
    { feedback, hidden: (text) => `hidden:${text.length}:${text}` },
    {
      format: "csv",
      bytes: pieces(bytes, pieceBytes),
      ignoresUnknown: false,
      signal: new AbortController().signal,
      ...rest,
      defaults: { source: "code", assumesUtc: false, ...defaults },
    },
  );
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function kept() {
  const page = await feedback.list({ filters: {}, limit: 200 });
  return page.feedback.toReversed().map(({ subject, name, source, values, atMs }) => ({
    subject: subject.id,
    name,
    source,
    ...values,
    at: new Date(atMs).toISOString(),
  }));
}

const nothing = { created: 0, revised: 0, superseded: 0, unchanged: 0 };

describe("a file of CSV", () => {
  test("is kept as feedback of requests, conversations and units, with what rows do not say", async () => {
    const file =
      "request_id,response_id,conversation,unit,name,score,outcome,label,at,source,id\r\n" +
      `${testId(noonMs, 1)},,,,stars,4,,,,human,\r\n` +
      ",chatcmpl-1,,,,0.5,,,,,\r\n" +
      ',,"ticket, 4711",,resolved,,true,"first ""try""",2026-11-24T10:00:00+01:00,,\r\n' +
      ",,,user-42,purchase,,19.90,,2026-11-24 10:00:00Z,,order-8812\r\n";
    const report = await imported(file, { defaults: { name: "rated" } });
    expect(report).toEqual({
      rows: 4,
      changes: { ...nothing, created: 4 },
      pending: 0,
      refused: 0,
      problems: [],
      ignored: [],
    });
    expect(await kept()).toMatchObject([
      { subject: testId(noonMs, 1), name: "stars", source: "human", score: 4 },
      { subject: testId(noonMs, 1), name: "rated", source: "code", score: 0.5 },
      {
        subject: "conversation:ticket, 4711",
        outcome: true,
        label: 'first "try"',
        at: "2026-11-24T09:00:00.000Z",
      },
      { subject: "unit:user-42", name: "purchase", outcome: 19.9, at: "2026-11-24T10:00:00.000Z" },
    ]);
  });

  test.each([
    ["a byte-order mark", "\uFEFFunit,outcome\nzoë,1\n"],
    ["carriage returns", "unit,outcome\r\nzoë,1\r\n"],
    ["nothing at its end", "unit,outcome\nzoë,1"],
    ["empty lines and space", "\n unit , outcome \n\n zoë , 1 \n\n"],
  ])("with %s is the same, in whatever pieces it comes", async (_what, file) => {
    expect((await imported(file, { pieceBytes: 1 })).changes.created).toBe(1);
    expect(await kept()).toMatchObject([{ subject: "unit:zoë", outcome: 1 }]);
  });

  test("tells wrong rows by line and column, and keeps the others", async () => {
    const future = new Date(noonMs + 3_600_000).toISOString();
    const old = new Date(noonMs - 100 * 86_400_000).toISOString();
    const file = `unit,request_id,outcome,at
ann,,1,
bob,,12 EUR,
cleo,,1e400,
dora,,2e9,
ed,,,
,,1,
fay,${testId(noonMs, 1)},1,
,${testId(noonMs, 9)},1,
gus,,1,2026-11-24T10:00:00
hal,,1,yesterday
ida,,1,${future}
jo,,1,${old}
kim,,1
lou,,NaN,
max,,0,
`;
    const { problems, ...report } = await imported(file);
    expect(report).toMatchObject({ rows: 15, changes: { ...nothing, created: 3 }, refused: 12 });
    const number = "true, false or a number from -1000000000 to 1000000000 is wanted, it is";
    expect(problems.map(({ line, column, detail }) => [line, column, detail])).toEqual([
      [3, "outcome", `${number} a string of 6 characters`],
      [4, "outcome", `${number} a string of 5 characters`],
      [5, "outcome", "at most 1000000000 is wanted, it is the number 2000000000"],
      [6, undefined, "at least one of score, label, comment, outcome is wanted, it is not so"],
      [7, undefined, "exactly one of request_id, response_id, conversation, unit is wanted, it is not so"],
      [8, undefined, "exactly one of request_id, response_id, conversation, unit is wanted, it is not so"],
      [10, "at", "a time with its zone, as 2026-11-25T12:00:00Z, is wanted, it is one without a zone"],
      [11, "at", "a time with its zone, as 2026-11-25T12:00:00Z, is wanted, it is a string of 9 characters"],
      [
        12,
        "at",
        expect.stringContaining("a time that is not in the future is wanted, it is 60 minutes ahead"),
      ],
      [13, "at", expect.stringContaining("at most 90 days ago are wanted, it is longer ago")],
      [14, undefined, "a row of 4 cells is wanted, it is one of 3"],
      [15, undefined, "at least one of score, label, comment, outcome is wanted, it is not so"],
    ]);
  });
});

describe("a column of another name", () => {
  const file = "unit,scroe,score\nann,2,1\n";

  test("is refused, before anything is kept", async () => {
    await expect(imported(file)).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining('there are "scroe"; leave them out'),
    });
    expect(await kept()).toEqual([]);
    const report = await imported('{"unit":"ann","scroe":2,"score":1}\n{"unit":"bob","score":1}', {
      format: "jsonl",
    });
    expect(report.problems).toEqual([
      { line: 1, column: "scroe", detail: "absent is wanted, it is an unknown field" },
    ]);
  });

  test("is passed over when that is wanted, and named", async () => {
    const report = await imported(file, { ignoresUnknown: true });
    expect(report).toMatchObject({ changes: { ...nothing, created: 1 }, ignored: ["scroe"] });
    const lines = await imported('{"unit":"bob","campaign":{"id":1},"score":1}', {
      format: "jsonl",
      ignoresUnknown: true,
    });
    expect(lines).toMatchObject({ changes: { ...nothing, created: 1 }, ignored: ["campaign"] });
  });
});

test.each([
  ["", "the file is empty"],
  ["unit\nann\n", 'a column score, outcome, label, comment is wanted, the columns are "unit"'],
  ["score;unit\n1;ann\n", 'the columns are "score;unit"'],
  ["unit,score,unit\n", '"unit" is there twice'],
  ["\u001b[2Junit,score\n", 'the columns are "?[2Junit", "score"'],
])("a file that begins with %j is refused", async (file, message) => {
  await expect(imported(file)).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining(message),
  });
});

describe("a file of JSON Lines", () => {
  test("is kept, with numbers for names and text for numbers", async () => {
    const file = `{"unit": 42, "name": "purchase", "outcome": "19.90", "at": 1764072000, "id": 7}
{"conversation": "c", "outcome": true, "score": null, "label": ""}\r

{"unit": "ann", "outcome": "FALSE"}`;
    const at = new Date(noonMs - 1_000);
    const report = await imported(file.replace("1764072000", String(at.getTime())), {
      format: "jsonl",
      pieceBytes: 7,
    });
    expect(report).toMatchObject({ rows: 3, changes: { ...nothing, created: 3 } });
    expect(await kept()).toEqual([
      { subject: "unit:42", name: "purchase", source: "code", outcome: 19.9, at: at.toISOString() },
      expect.objectContaining({ subject: "conversation:c", outcome: true }),
      expect.objectContaining({ subject: "unit:ann", outcome: false }),
    ]);
  });

  test("tells what is no object, and what is none of its types", async () => {
    const file = `[]
{"unit": "ann", "score": 1
"text"
{"unit": {"id": 1}, "score": [1], "at": {}}
{"unit": 12345678901234567890, "outcome": 1}`;
    const { problems } = await imported(file, { format: "jsonl" });
    const noObject = "an object of JSON is wanted, it is something else";
    expect(problems).toEqual([
      { line: 1, detail: noObject },
      { line: 2, detail: noObject },
      { line: 3, detail: noObject },
      { line: 4, column: "unit", detail: "a string is wanted, it is an object" },
      { line: 4, column: "score", detail: "a number is wanted, it is an array of 1 items" },
      { line: 4, column: "at", detail: expect.stringContaining("it is an object") },
      { line: 5, column: "unit", detail: expect.stringContaining("a string is wanted, it is the number") },
    ]);
  });
});

describe("a file that comes again", () => {
  const at = (minute: number): string => new Date(noonMs - 3_600_000 + minute * 60_000).toISOString();

  test("changes nothing, however its rows are known", async () => {
    const file = `unit,name,outcome,at,id
ann,purchase,1,,order-1
ann,purchase,2,,order-2
ann,refund,3,,order-1
bob,purchase,1,${at(1)},
bob,purchase,2,${at(2)},
bob,purchase,3,${at(0)},
cleo,purchase,5,,
`;
    const first = await imported(file);
    expect(first.changes).toEqual({ created: 4, revised: 2, superseded: 1, unchanged: 0 });
    const before = await kept();
    expect(before).toMatchObject([{ outcome: 2 }, { outcome: 3 }, { outcome: 2, at: at(2) }, { outcome: 5 }]);
    expect((await imported(file)).changes).toEqual({ ...nothing, unchanged: 7 });
    expect(await kept()).toEqual(before);
  });

  test("counts what is said again after it was replaced, where neither time nor id tells them apart", async () => {
    for (const tier of [1, 2, 1]) await imported(`unit,name,outcome\nann,tier,${tier}\n`);
    expect(await kept()).toMatchObject([{ outcome: 1 }]);
  });

  test("is known by another format, and whoever sends it", async () => {
    await imported(`unit,name,outcome,at\nann,purchase,1.50,${at(0)}\n`);
    const line = JSON.stringify({ outcome: 1.5, at: at(0), name: "purchase", unit: "ann" });
    expect((await imported(line, { format: "jsonl" })).changes).toEqual({ ...nothing, unchanged: 1 });
  });
});

describe("a file that cannot be kept to its end", () => {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => `u${at},1\n`).join("");
  const file = `unit,outcome\n${rows(250)}`;

  test("says up to which line it is done when the database goes away, and can be sent again", async () => {
    callsLeft = 2;
    const report = await imported(file);
    expect(report).toMatchObject({
      rows: 200,
      changes: { ...nothing, created: 200 },
      stopped: { line: 201, detail: "Cannot keep feedback: the database is away" },
    });
    expect((await imported(file)).changes).toEqual({ ...nothing, created: 50, unchanged: 200 });
  });

  test("is refused whole when nothing of it was kept", async () => {
    callsLeft = 0;
    await expect(imported(file)).rejects.toMatchObject({ code: "store-unavailable" });
  });

  test.each([
    ["a quote stays open", `${file}"u,1\n${rows(3)}`, "a quote stays open to the end"],
    ["a row has no end", `${file}"${"u".repeat(300_000)}`, "a row is longer"],
  ])("says how far it came before a place where %s", async (_what, text, detail) => {
    const report = await imported(text);
    expect(report.stopped?.detail).toContain(detail);
    expect(report.changes.created).toBe(250);
    expect(report.stopped?.line).toBe(251);
  });

  test.each(["latin1", "utf16le"] as const)(
    "keeps nothing under another name, where it is %s",
    async (encoding) => {
      const bytes = Buffer.from("\u00fcnit,outcome\nM\u00fcller,1\n", encoding);
      await expect(imported(bytes)).rejects.toMatchObject({
        message: "Cannot import outcomes: UTF-8 is wanted, the file holds other bytes",
      });
    },
  );

  test("goes no further when nobody waits for it", async () => {
    await expect(imported(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "client-closed",
    });
    expect(await kept()).toEqual([]);
  });
});

test("a hundred problems are told in full, all are counted", async () => {
  const file = `unit,score\n${"ann,x\n".repeat(150)}bob,1\n`;
  const report = await imported(file);
  expect(report).toMatchObject({ rows: 151, refused: 150, changes: { created: 1 } });
  expect(report.problems).toHaveLength(100);
});

test("a time without a zone is one of UTC where that is said", async () => {
  await imported("unit,score,at\nann,1,2026-11-24 10:00\n", { defaults: { assumesUtc: true } });
  expect(await kept()).toMatchObject([{ at: "2026-11-24T10:00:00.000Z" }]);
});
