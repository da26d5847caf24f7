import { totalTokens, type Usage } from "#core/llm/usage.ts";
import type { z } from "zod";
import type { AttemptRecord, DecisionRecord, RequestRecord } from "./request-record.ts";
import type { listRequestsQuery, totalsQuery } from "./query-schema.ts";
import type { RequestDetailView, RequestPageView, RequestSummaryView, TotalsView } from "./reply-schema.ts";
import type { ListQuery, Page, Total, TotalsQuery } from "./store.ts";

/** The question that a parsed query asks. */
export function listQueryOf(query: z.output<typeof listRequestsQuery>): ListQuery {
  const { route, variant, deployment, model, outcome, key_id: keyId, from, to, limit, cursor } = query;
  return {
    filters: {
      ...(route !== undefined && { route }),
      ...(variant !== undefined && { variant }),
      ...(deployment !== undefined && { deployment }),
      ...(model !== undefined && { model }),
      ...(outcome !== undefined && { outcome }),
      ...(keyId !== undefined && { keyId }),
      ...(from !== undefined && { fromMs: Date.parse(from) }),
      ...(to !== undefined && { toMs: Date.parse(to) }),
    },
    limit,
    ...(cursor !== undefined && { before: cursor }),
  };
}

/** The question that a parsed query asks. */
export function totalsQueryOf({ from, to, by }: z.output<typeof totalsQuery>): TotalsQuery {
  return { fromMs: Date.parse(from), toMs: Date.parse(to), by };
}

/** A page, as `/api/requests` tells it. */
export function pageView({ records, next }: Page): RequestPageView {
  return { requests: records.map(summaryView), next_cursor: next ?? null };
}

/** Sums, as `/api/requests/totals` tells them. */
export function totalsView(totals: readonly Total[]): TotalsView {
  return {
    totals: totals.map(({ group, requests, attempts, ...usage }) => ({
      route: group.route ?? null,
      variant: group.variant ?? null,
      model: group.model ?? null,
      outcome: group.outcome ?? null,
      requests,
      attempts,
      usage: usageView(usage),
    })),
  };
}

/** A request, as `/api/requests/{id}` tells it. */
export function detailView(record: RequestRecord): RequestDetailView {
  return {
    ...summaryView(record),
    upstream_response_id: record.upstreamResponseId ?? null,
    decision: record.decision === undefined ? null : decisionView(record.decision),
    attempts: record.attempts.map(attemptView),
  };
}

/** A request, as a list tells it. */
export function summaryView(record: RequestRecord): RequestSummaryView {
  const { decision, timings, usage } = record;
  return {
    id: record.requestId,
    started_at: new Date(record.startedAtMs).toISOString(),
    operation: record.operation,
    dialect: record.dialect,
    stream: record.stream,
    model: record.model,
    key_id: record.keyId ?? null,
    route: decision?.route ?? null,
    variant: decision?.variant ?? null,
    deployment: record.attempts.at(-1)?.deployment ?? null,
    attempt_count: record.attempts.length,
    outcome: record.outcome,
    status: record.status,
    error_code: record.errorCode ?? null,
    finish_reason: record.finishReason ?? null,
    usage: usage === undefined ? null : usageView(usage),
    timings: {
      gateway_ms: timings.gatewayMs,
      first_content_ms: timings.firstContentMs ?? null,
      total_ms: timings.totalMs,
    },
    tags: record.tags,
    emulated: record.emulated,
  };
}

function decisionView(decision: DecisionRecord): NonNullable<RequestDetailView["decision"]> {
  const { candidates, ladder, warnings, snapshot, ...same } = decision;
  return {
    ...same,
    candidates: candidates.map(({ variant, probability, excluded }) => ({
      variant,
      probability,
      excluded: excluded ?? null,
    })),
    ladder: [...ladder],
    warnings: [...warnings],
    snapshot: { configuration: snapshot.configuration, status_epoch: snapshot.statusEpoch },
  };
}

function attemptView(attempt: AttemptRecord): RequestDetailView["attempts"][number] {
  return {
    attempt: attempt.attempt,
    deployment: attempt.deployment,
    provider: attempt.provider,
    variant: attempt.variant,
    model: attempt.model,
    outcome: attempt.outcome,
    status: attempt.status ?? null,
    failure: attempt.failure ?? null,
    usage: attempt.usage === undefined ? null : usageView(attempt.usage),
    started_ms: attempt.startedMs,
    first_byte_ms: attempt.firstByteMs ?? null,
    first_content_ms: attempt.firstContentMs ?? null,
    total_ms: attempt.totalMs,
  };
}

function usageView(usage: Usage): NonNullable<RequestSummaryView["usage"]> {
  return {
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    tool_input_tokens: usage.toolInputTokens,
    output_tokens: usage.outputTokens,
    thinking_tokens: usage.thinkingTokens,
    total_tokens: totalTokens(usage),
  };
}
