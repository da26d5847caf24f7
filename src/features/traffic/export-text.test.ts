import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { exportText, type ExportFormat } from "./export-text.ts";
import { requestDetail } from "./reply-schema.ts";
import { noonMs, testAttempt, testId, testRecord } from "./request-record.test-support.ts";
import type { RequestRecord } from "./request-record.ts";
import { memoryRequestLogStore } from "./store.memory.ts";
import { pageSizeMax, type RequestFilters, type RequestLogStore } from "./store.ts";

async function exported(
  records: readonly RequestRecord[],
  format: ExportFormat,
  filters: RequestFilters = {},
): Promise<string> {
  const store = memoryRequestLogStore();
  await store.insert(records);
  let text = "";
  for await (const piece of await exportText(store, { filters, format })) text += piece;
  return text;
}

function many(count: number): readonly RequestRecord[] {
  return Array.from({ length: count }, (_, number) => testRecord({ requestId: testId(noonMs, number) }));
}

/** Rows of CSV as RFC 4180 reads them. */
function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const pattern = /("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r\n|$)/gy;
  for (const [, cell = "", end] of text.matchAll(pattern)) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === "\r\n") rows.push([]);
    if (end === "") break;
  }
  return rows.slice(0, -1);
}

test("lines of JSON are what the API tells of each request, every page, newest first", async () => {
  const records = many(2 * pageSizeMax + 1);
  const lines = (await exported(records, "jsonl")).trimEnd().split("\n");
  const ids = lines.map((line) => requestDetail.strict().parse(JSON.parse(line)).id);
  expect(ids).toEqual(records.map(({ requestId }) => requestId).toReversed());
});

test("CSV has a row of names and a row for each request, with money exact", async () => {
  const cost = { picoDollars: 1_250_000, estimated: true, unpricedAttempts: 0 };
  const attempts = [testAttempt(), testAttempt({ attempt: 2, deployment: "google-b" })];
  const text = await exported([testRecord({ cost, attempts, tags: { a: 'b,"c' } })], "csv");
  const [names = [], cells = [], ...rest] = csvRows(text);
  expect(rest).toEqual([]);
  const row = Object.fromEntries(names.map((name, index) => [name, cells[index]]));
  expect(row).toMatchObject({
    id: testId(noonMs),
    started_at: "2026-11-25T12:00:00.000Z",
    route: "support",
    propensity: "0.75",
    deployment: "google-b",
    attempt_count: "2",
    error_code: "",
    cost_usd: "0.00000125",
    cost_estimated: "true",
    first_content_ms: "240.5",
    tags: String.raw`{"a":"b,\"c"}`,
  });
});

test("any text comes back from CSV as it was, and none of it is a formula to a spreadsheet", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom("=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", 'a"b\r\n,'),
      ),
      async (model) => {
        const [names = [], cells = []] = csvRows(await exported([testRecord({ model })], "csv"));
        const cell = cells[names.indexOf("model")] ?? "";
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect(cell.replace(/^'(?=[=+\-@\t\r])/, "")).toBe(model);
        expect(cells).toHaveLength(names.length);
      },
    ),
  );
});

test("only what matches is exported; nothing is an empty file, or one with names only", async () => {
  expect((await exported(many(3), "jsonl", { route: "none" })).length).toBe(0);
  expect(csvRows(await exported(many(3), "csv", { route: "none" }))).toHaveLength(1);
});

/** A store that gives one page and fails on the next. */
function breaking(error: unknown): Pick<RequestLogStore, "list"> {
  const records = many(2);
  return {
    list: async ({ before }) => {
      if (before !== undefined) throw error;
      return { records, next: records[0]?.requestId ?? "" };
    },
  };
}

test.each(["jsonl", "csv"] as const)(
  "%s that fails on the way says so in its last line, and throws",
  async (format) => {
    const pieces: string[] = [];
    const error = new AppError("store-unavailable", "Cannot list requests: away");
    const read = async (): Promise<void> => {
      for await (const piece of await exportText(breaking(error), { filters: {}, format }))
        pieces.push(piece);
    };
    await expect(read()).rejects.toBe(error);
    expect(pieces.at(-1)).toBe(
      {
        jsonl: '{"error":{"code":"store-unavailable","message":"The export is not complete"}}\n',
        csv: "ERROR: the export is not complete (store-unavailable)\r\n",
      }[format],
    );
  },
);

test("a store that is away at once is an error before anything is exported", async () => {
  const store = { list: () => Promise.reject(new AppError("store-unavailable", "away")) };
  await expect(exportText(store, { filters: {}, format: "csv" })).rejects.toMatchObject({
    code: "store-unavailable",
  });
});
