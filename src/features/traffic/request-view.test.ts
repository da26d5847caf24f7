import { expect, test } from "vitest";
import type { ExperimentRecord } from "./request-record.ts";
import {
  noonMs,
  testAssignment,
  testAttempt,
  testDecision,
  testId,
  testRecord,
} from "./request-record.test-support.ts";
import { contentView, detailView, listQueryOf, pageView } from "./request-view.ts";
import { listRequestsQuery } from "./query-schema.ts";
import { listRequestsReply, requestContent, requestDetail } from "./reply-schema.ts";

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
    error_code: "e",
    conversation: "c",
    unit: "u",
    experiment: "e",
    min_cost: "0.05",
    emulated: "false",
    tag: ["team=search", "a=b=c"],
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
      errorCode: "e",
      conversation: "c",
      unit: "u",
      experiment: "e",
      picoDollarsMin: 50_000_000_000,
      emulated: false,
      tags: { team: "search", a: "b=c" },
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
  { min_cost: "-1" },
  { min_cost: "1e3" },
  { emulated: "yes" },
  { tag: "team" },
  { tag: Array.from({ length: 9 }, () => "a=b") },
])("the query %j is refused", (query) => {
  expect(listRequestsQuery.safeParse(query).success).toBe(false);
});

test("money, units, times and the way to content are told", () => {
  const record = testRecord({
    cost: { picoDollars: 1_250_000_000_000, estimated: true, unpricedAttempts: 1 },
    unit: { id: "u", source: "user" },
    conversation: "c",
    capture: "full",
    attempts: [testAttempt({ cost: { picoDollars: 7, estimated: false }, connectMs: 3 }), testAttempt()],
  });
  const detail = detailView(record);
  expect(requestDetail.strict().parse(detail)).toEqual(detail);
  expect(detail).toMatchObject({
    cost: { usd: "1.25", pico_dollars: "1250000000000", estimated: true, unpriced_attempts: 1 },
    unit: { id: "u", source: "user" },
    conversation: "c",
    content: `/api/requests/${record.requestId}/content`,
    decision: { snapshot: { prices: "2026-11-25" } },
    attempts: [
      { cost: { usd: "0.000000000007", estimated: false }, connect_ms: 3 },
      { cost: null, connect_ms: null },
    ],
  });
  expect(detailView(testRecord())).toMatchObject({
    cost: null,
    unit: null,
    conversation: null,
    content: null,
  });
});

test("what an experiment made of a request is told, assigned or outside", () => {
  const told = (experiment: ExperimentRecord) => {
    const detail = detailView(testRecord({ decision: testDecision({ experiment }) }));
    expect(requestDetail.strict().parse(detail)).toEqual(detail);
    return detail.decision?.experiment;
  };
  expect(told(testAssignment())).toEqual({
    ...testAssignment(),
    segments: null,
    answered: null,
    outside: null,
  });
  const answered = { model: "flash-latest", version: "flash-001" };
  expect(told(testAssignment({ answered }))).toMatchObject({ answered });
  expect(told({ name: "e", phase: 1, outside: "why" })).toMatchObject({ variant: null, outside: "why" });
  expect(detailView(testRecord()).decision?.experiment).toBeNull();
});

test("content is told as it was kept", () => {
  const view = contentView({
    requestId: testId(noonMs),
    request: "{}",
    response: "",
    truncated: true,
    redactions: 2,
  });
  expect(requestContent.strict().parse(view)).toEqual(view);
});
