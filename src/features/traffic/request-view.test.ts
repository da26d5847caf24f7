import { expect, test } from "vitest";
import { noonMs, testAttempt, testDecision, testId, testRecord } from "./request-record.test-support.ts";
import { detailView, listQueryOf, pageView, totalsQueryOf, totalsView } from "./request-view.ts";
import { listRequestsQuery, totalsQuery } from "./query-schema.ts";
import { listRequestsReply, requestDetail, totalsReply } from "./reply-schema.ts";

const usage = {
  inputTokens: 9,
  cachedInputTokens: 4,
  toolInputTokens: 1,
  outputTokens: 5,
  thinkingTokens: 2,
};
const full = testRecord({
  keyId: "key_1",
  usage,
  finishReason: "stop",
  errorCode: "internal",
  upstreamResponseId: "u",
  attempts: [testAttempt({ failure: "reset", usage }), testAttempt({ attempt: 2, deployment: "google-b" })],
});
const { decision: _decision, ...undecided } = testRecord({ attempts: [], outcome: "refused" });

test("views are exactly what their schemas say", () => {
  for (const record of [full, undecided]) {
    const detail = detailView(record);
    expect(requestDetail.strict().parse(detail)).toEqual(detail);
    const page = pageView({ records: [record], next: record.requestId });
    expect(listRequestsReply.parse(page)).toEqual(page);
  }
});

test("a detail tells the decision, every attempt and the sums of tokens", () => {
  expect(detailView(full)).toMatchObject({
    id: testId(noonMs),
    started_at: "2026-11-25T12:00:00.000Z",
    deployment: "google-b",
    attempt_count: 2,
    usage: { input_tokens: 9, total_tokens: 17 },
    decision: { propensity: 0.75, snapshot: { configuration: "c1", status_epoch: 7 } },
    attempts: [
      { failure: "reset", usage: { thinking_tokens: 2 } },
      { failure: null, usage: null },
    ],
  });
  expect(detailView(full).decision?.candidates).toHaveLength(testDecision().candidates.length);
});

test("a query without anything asks for the first 50", () => {
  expect(listQueryOf(listRequestsQuery.parse({}))).toEqual({ filters: {}, limit: 50 });
});

test("every filter is read", () => {
  const query = {
    route: "r",
    variant: "v",
    deployment: "d",
    model: "m",
    outcome: "failed",
    key_id: "k",
    from: "2026-11-25T12:00:00Z",
    to: "2026-11-25T13:00:01+01:00",
    limit: "200",
    cursor: testId(noonMs),
  };
  expect(listQueryOf(listRequestsQuery.parse(query))).toEqual({
    filters: {
      route: "r",
      variant: "v",
      deployment: "d",
      model: "m",
      outcome: "failed",
      keyId: "k",
      fromMs: noonMs,
      toMs: noonMs + 1_000,
    },
    limit: 200,
    before: testId(noonMs),
  });
});

test.each([
  { limit: "0" },
  { limit: "201" },
  { limit: "ten" },
  { outcome: "great" },
  { from: "yesterday" },
  { cursor: "1" },
  { model: "a\0b" },
  { route: "" },
])("the query %j is refused", (query) => {
  expect(listRequestsQuery.safeParse(query).success).toBe(false);
});

test("totals are grouped by the dimensions named, each once", () => {
  const range = { from: "2026-11-25T12:00:00Z", to: "2026-11-25T12:00:01Z" };
  const by = (text?: string) =>
    totalsQueryOf(totalsQuery.parse({ ...range, ...(text !== undefined && { by: text }) })).by;
  expect(by()).toEqual(["route", "variant"]);
  expect(by("model,outcome,model")).toEqual(["model", "outcome"]);
  expect(by("")).toEqual([]);
  expect(totalsQuery.safeParse({ ...range, by: "id" }).success).toBe(false);
});

test("totals tell null for dimensions that were not asked for", () => {
  const view = totalsView([{ group: { outcome: "failed" }, requests: 2, attempts: 3, ...usage }]);
  expect(totalsReply.parse(view)).toEqual(view);
  expect(view.totals).toMatchObject([
    { route: null, outcome: "failed", requests: 2, usage: { total_tokens: 17 } },
  ]);
});
