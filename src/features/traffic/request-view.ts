import { present } from "#core/kernel/present.ts";
import { totalTokens, type Usage } from "#core/llm/usage.ts";
import type { z } from "zod";
import type { CapturedContent } from "./captured-content.ts";
import { attemptCost, requestCost } from "./cost-view.ts";
import type {
  AttemptRecord,
  DecisionRecord,
  ExperimentRecord,
  RequestRecord,
  ShadowRecord,
} from "./request-record.ts";
import type { listRequestsQuery } from "./query-schema.ts";
import type {
  RequestDetailView,
  RequestPageView,
  RequestContentView,
  RequestSummaryView,
} from "./reply-schema.ts";
import type { ListQuery, Page, RequestFilters } from "./store.ts";

/** The question that a parsed query asks. */
export function listQueryOf(query: z.output<typeof listRequestsQuery>): ListQuery {
  const { limit, cursor } = query;
  return { filters: filtersOf(query), limit, ...(cursor !== undefined && { before: cursor }) };
}

/** The filters of a parsed query. */
export function filtersOf(
  query: Omit<z.output<typeof listRequestsQuery>, "limit" | "cursor">,
): RequestFilters {
  const { route, variant, deployment, model, outcome, key_id, error_code, conversation, unit } = query;
  const { experiment, min_cost, emulated, tag, from, to } = query;
  return present({
    route,
    variant,
    deployment,
    model,
    outcome,
    keyId: key_id,
    errorCode: error_code,
    conversation,
    unit,
    experiment,
    picoDollarsMin: min_cost === undefined ? undefined : picoDollarsOf(min_cost),
    emulated: emulated === undefined ? undefined : emulated === "true",
    tags: tag === undefined ? undefined : tagsOf([tag].flat()),
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  });
}

/** Dollars below 1000 with up to 12 decimals: at most 15 digits, thus exact as a number. */
function picoDollarsOf(usd: string): number {
  const [whole = "", fraction = ""] = usd.split(".");
  return Number(whole + fraction.padEnd(12, "0"));
}

function tagsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

/** A page, as `/api/requests` tells it. */
export function pageView({ records, next }: Page): RequestPageView {
  return { requests: records.map(summaryView), next_cursor: next ?? null };
}

/** A request, as `/api/requests/{id}` tells it. */
export function detailView(record: RequestRecord): RequestDetailView {
  return {
    ...summaryView(record),
    upstream_response_id: record.upstreamResponseId ?? null,
    content: record.capture === "full" ? `/api/requests/${record.requestId}/content` : null,
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
    degraded: decision?.degraded ?? null,
    status: record.status,
    error_code: record.errorCode ?? null,
    finish_reason: record.finishReason ?? null,
    usage: usage === undefined ? null : usageView(usage),
    cost: requestCost(record.cost),
    timings: {
      queue_ms: timings.queueMs,
      gateway_ms: timings.gatewayMs,
      first_byte_ms: timings.firstByteMs ?? null,
      first_content_ms: timings.firstContentMs ?? null,
      last_content_ms: timings.lastContentMs ?? null,
      total_ms: timings.totalMs,
    },
    unit: record.unit ?? null,
    conversation: record.conversation ?? null,
    capture: record.capture,
    tags: record.tags,
    emulated: record.emulated,
  };
}

function decisionView(decision: DecisionRecord): NonNullable<RequestDetailView["decision"]> {
  const { candidates, ladder, warnings, snapshot, shadowOf, format = null, ...same } = decision;
  return {
    ...same,
    candidates: candidates.map(({ variant, probability, excluded }) => ({
      variant,
      probability,
      excluded: excluded ?? null,
    })),
    ladder: [...ladder],
    degraded: decision.degraded ?? null,
    resumed: decision.resumed === true,
    format,
    prompt: decision.prompt ?? null,
    experiment: decision.experiment ? experimentView(decision.experiment) : null,
    shadow_of: shadowOf ? shadowView(shadowOf) : null,
    warnings: [...warnings],
    snapshot: {
      configuration: snapshot.configuration,
      status_epoch: snapshot.statusEpoch,
      prices: snapshot.prices,
    },
  };
}

function shadowView(shadow: ShadowRecord) {
  const { kind, request } = shadow;
  const known = { kind, request_id: request, experiment: null, phase: null, evaluation: null };
  if (shadow.kind === "evaluation") return { ...known, evaluation: shadow.evaluation };
  return { ...known, experiment: shadow.experiment, phase: shadow.phase };
}

/** What an experiment made of a request, as the API tells it. */
export function experimentView(
  experiment: ExperimentRecord,
): NonNullable<NonNullable<RequestDetailView["decision"]>["experiment"]> {
  const { name, phase } = experiment;
  if ("outside" in experiment) {
    const { outside } = experiment;
    const nothing = {
      variant: null,
      propensity: null,
      unit: null,
      stable: null,
      segments: null,
      answered: null,
    };
    return { name, phase, ...nothing, outside };
  }
  const { variant, propensity, unit = null, stable, segments, answered = null } = experiment;
  const noted = segments ? { ...segments } : null;
  return { name, phase, variant, propensity, unit, stable, segments: noted, answered, outside: null };
}

function attemptView(attempt: AttemptRecord): RequestDetailView["attempts"][number] {
  return {
    attempt: attempt.attempt,
    deployment: attempt.deployment,
    provider: attempt.provider,
    variant: attempt.variant,
    model: attempt.model,
    continues: attempt.continues === true,
    resumes: attempt.resumes === true,
    outcome: attempt.outcome,
    chosen: attempt.chosen ?? null,
    status: attempt.status ?? null,
    failure: attempt.failure ?? null,
    usage: attempt.usage === undefined ? null : usageView(attempt.usage),
    cost: attemptCost(attempt.cost),
    started_ms: attempt.startedMs,
    connect_ms: attempt.connectMs ?? null,
    first_byte_ms: attempt.firstByteMs ?? null,
    first_content_ms: attempt.firstContentMs ?? null,
    last_content_ms: attempt.lastContentMs ?? null,
    total_ms: attempt.totalMs,
  };
}

/** Tokens, as the API tells them. */
export function usageView(usage: Usage): NonNullable<RequestSummaryView["usage"]> {
  return {
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    tool_input_tokens: usage.toolInputTokens,
    output_tokens: usage.outputTokens,
    thinking_tokens: usage.thinkingTokens,
    total_tokens: totalTokens(usage),
    service_tier: usage.serviceTier ?? null,
  };
}

/** Content, as `/api/requests/{id}/content` tells it. */
export function contentView(content: CapturedContent): RequestContentView {
  return {
    request_id: content.requestId,
    request: content.request,
    response: content.response,
    truncated: content.truncated,
    redactions: content.redactions,
  };
}
