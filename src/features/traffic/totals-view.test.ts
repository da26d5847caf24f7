import { expect, test } from "vitest";
import { bucketOf } from "./histogram.ts";
import { noonMs } from "./request-record.test-support.ts";
import { seriesQuery, seriesReply, totalsQuery, totalsReply } from "./totals-schema.ts";
import { seriesQueryOf, seriesView, totalsQueryOf, totalsView } from "./totals-view.ts";

const range = { from: "2026-11-25T12:00:00Z", to: "2026-11-25T12:00:01Z" };
const sums = {
  requests: 4,
  completed: 2,
  failed: 1,
  refused: 1,
  aborted: 0,
  emulated: 0,
  fallbacks: 1,
  attempts: 4,
  attemptsFailed: 2,
  attemptsUnpriced: 1,
  inputTokens: 9,
  cachedInputTokens: 4,
  toolInputTokens: 1,
  outputTokens: 5,
  thinkingTokens: 2,
  picoDollars: 9_007_199_254_740_993_000n,
  estimatedPicoDollars: 5n,
  gatewayMsSum: 3,
  total: { count: 2, msSum: 1_000, p50: bucketOf(400), p95: bucketOf(600), p99: bucketOf(600) },
  firstContent: { count: 0, msSum: 0 },
};

test("totals are grouped by the dimensions named, each once", () => {
  const by = (text?: string) =>
    totalsQueryOf(totalsQuery.parse({ ...range, ...(text !== undefined && { by: text }) })).by;
  expect(by()).toEqual(["route", "variant"]);
  expect(by("model,outcome,model")).toEqual(["model", "outcome"]);
  expect(by("")).toEqual([]);
  expect(totalsQuery.safeParse({ ...range, by: "id" }).success).toBe(false);
  expect(seriesQuery.safeParse({ ...range, by: "outcome" }).success).toBe(false);
});

test("a question for one route, variant or deployment is read", () => {
  const query = { ...range, route: "r", variant: "v", deployment: "d" };
  const asked = { fromMs: noonMs, toMs: noonMs + 1_000, only: { route: "r", variant: "v", deployment: "d" } };
  expect(totalsQueryOf(totalsQuery.parse({ ...query, by: "" }))).toEqual({ ...asked, by: [] });
  expect(seriesQueryOf(seriesQuery.parse({ ...query, by: "route", step: "minute" }))).toEqual({
    ...asked,
    by: ["route"],
    resolution: "minute",
  });
});

test("views are exactly what their schemas say, with null for what was not asked for", () => {
  const covered = {
    fromMs: noonMs,
    toMs: noonMs + 60_000,
    gaps: [{ fromMs: noonMs, toMs: noonMs + 5, requests: 7, reason: "the disk is full" }],
  };
  const totals = totalsView({ ...covered, totals: [{ group: { outcome: "failed" }, ...sums }] });
  expect(totalsReply.strict().parse(totals)).toEqual(totals);
  expect(totals).toMatchObject({
    from: "2026-11-25T12:00:00.000Z",
    gaps: [{ requests: 7, to: "2026-11-25T12:00:00.005Z" }],
    totals: [
      {
        route: null,
        outcome: "failed",
        requests: 4,
        usage: { total_tokens: 17 },
        cost: {
          usd: "9007199.254740993",
          pico_dollars: "9007199254740993000",
          estimated_usd: "0.000000000005",
        },
        gateway_ms_mean: 0.75,
        total_ms: { count: 2, mean: 500 },
        first_content_ms: { count: 0, mean: null, p50: null, p95: null, p99: null },
      },
    ],
  });
  const { attemptsFailed: _unknown, ...logged } = sums;
  const series = seriesView({
    ...covered,
    points: [{ startMs: noonMs, group: { route: "chat" }, ...logged }],
  });
  expect(seriesReply.strict().parse(series)).toEqual(series);
  expect(series.points).toMatchObject([
    { start: "2026-11-25T12:00:00.000Z", route: "chat", attempts_failed: null },
  ]);
});

test("quantiles are told within 5 % of what was measured", () => {
  const [total] = totalsView({ fromMs: 0, toMs: 0, gaps: [], totals: [{ group: {}, ...sums }] }).totals;
  expect(Math.abs((total?.total_ms.p50 ?? 0) - 400) / 400).toBeLessThan(0.055);
  expect(Math.abs((total?.total_ms.p95 ?? 0) - 600) / 600).toBeLessThan(0.055);
});
