import type { Usage } from "#core/llm/usage.ts";
import type { AttemptRecord, DecisionRecord, RequestRecord, RequestUnit } from "./request-record.ts";
import { requestDay } from "./request-key.ts";

/** Tables of the request log as Kysely sees them; columns are explained in migration 0003. */
export type TrafficTables = {
  readonly requests: RequestRow;
  readonly attempts: AttemptRow;
};

/** Usage in columns; all absent when nothing was reported. */
interface UsageColumns {
  readonly input_tokens: number | null;
  readonly cached_input_tokens: number | null;
  readonly tool_input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly thinking_tokens: number | null;
  /** The three breakdowns of `Usage` under their own names; absent when none was reported. */
  readonly usage_by_modality: UsageByModality | null;
  readonly service_tier: NonNullable<Usage["serviceTier"]> | null;
}

type UsageByModality = Pick<Usage, "inputByModality" | "cachedByModality" | "outputByModality">;

/** A row of `requests`. */
export interface RequestRow extends UsageColumns {
  readonly day: string;
  readonly id: string;
  readonly started_at: Date;
  readonly operation: RequestRecord["operation"];
  readonly dialect: RequestRecord["dialect"];
  readonly stream: boolean;
  readonly model: string;
  readonly key_id: string | null;
  readonly route: string | null;
  readonly variant: string | null;
  /** Of the last attempt. */
  readonly deployment: string | null;
  readonly outcome: RequestRecord["outcome"];
  readonly status: number;
  readonly error_code: string | null;
  readonly finish_reason: NonNullable<RequestRecord["finishReason"]> | null;
  readonly upstream_response_id: string | null;
  readonly emulated: boolean;
  readonly attempt_count: number;
  readonly cost_pico: number | null;
  readonly cost_estimated: boolean | null;
  readonly unpriced_attempts: number | null;
  readonly queue_ms: number;
  readonly gateway_ms: number;
  readonly first_byte_ms: number | null;
  readonly first_content_ms: number | null;
  readonly last_content_ms: number | null;
  readonly total_ms: number;
  readonly unit: string | null;
  readonly unit_source: RequestUnit["source"] | null;
  readonly conversation: string | null;
  readonly capture: RequestRecord["capture"];
  readonly tags: Readonly<Record<string, string>>;
  readonly decision: DecisionRecord | null;
}

/** A row of `attempts`. */
export interface AttemptRow extends UsageColumns {
  readonly day: string;
  readonly request_id: string;
  readonly attempt: number;
  readonly deployment: string;
  readonly provider: string;
  readonly variant: string;
  readonly model: string;
  readonly outcome: AttemptRecord["outcome"];
  readonly status: number | null;
  readonly failure: NonNullable<AttemptRecord["failure"]> | null;
  readonly cost_pico: number | null;
  readonly cost_estimated: boolean | null;
  readonly started_ms: number;
  readonly connect_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly first_content_ms: number | null;
  readonly last_content_ms: number | null;
  readonly total_ms: number;
  readonly chosen: NonNullable<AttemptRecord["chosen"]> | null;
  readonly continues: boolean | null;
  readonly resumes: boolean | null;
}

/**
 * A row to be written: what a record lacks is undefined, which JSON leaves out and the database reads as null. Written
 * as null it cost a tenth of the bytes and a quarter of the database's time for reading them (measured 2026-11-25).
 */
type Written<Row> = {
  readonly [Column in keyof Row]: null extends Row[Column]
    ? Exclude<Row[Column], null> | undefined
    : Row[Column];
};

/** The row of a record, to be written as JSON. */
export function requestRow(record: RequestRecord): Written<RequestRow> {
  const { decision, timings, cost } = record;
  return {
    day: requestDay(record.requestId),
    id: record.requestId,
    started_at: new Date(record.startedAtMs),
    operation: record.operation,
    dialect: record.dialect,
    stream: record.stream,
    model: record.model,
    key_id: record.keyId,
    route: decision?.route,
    variant: decision?.variant,
    deployment: record.attempts.at(-1)?.deployment,
    outcome: record.outcome,
    status: record.status,
    error_code: record.errorCode,
    finish_reason: record.finishReason,
    upstream_response_id: record.upstreamResponseId,
    emulated: record.emulated,
    attempt_count: record.attempts.length,
    ...usageColumns(record.usage),
    cost_pico: cost?.picoDollars,
    cost_estimated: cost?.estimated,
    unpriced_attempts: cost?.unpricedAttempts,
    queue_ms: timings.queueMs,
    gateway_ms: timings.gatewayMs,
    first_byte_ms: timings.firstByteMs,
    first_content_ms: timings.firstContentMs,
    last_content_ms: timings.lastContentMs,
    total_ms: timings.totalMs,
    unit: record.unit?.id,
    unit_source: record.unit?.source,
    conversation: record.conversation,
    capture: record.capture,
    tags: record.tags,
    decision,
  };
}

/** The rows of a record's attempts, to be written as JSON. */
export function attemptRows(record: RequestRecord): readonly Written<AttemptRow>[] {
  const day = requestDay(record.requestId);
  return record.attempts.map((attempt) => ({
    day,
    request_id: record.requestId,
    attempt: attempt.attempt,
    deployment: attempt.deployment,
    provider: attempt.provider,
    variant: attempt.variant,
    model: attempt.model,
    outcome: attempt.outcome,
    status: attempt.status,
    failure: attempt.failure,
    ...usageColumns(attempt.usage),
    cost_pico: attempt.cost?.picoDollars,
    cost_estimated: attempt.cost?.estimated,
    started_ms: attempt.startedMs,
    connect_ms: attempt.connectMs,
    first_byte_ms: attempt.firstByteMs,
    first_content_ms: attempt.firstContentMs,
    last_content_ms: attempt.lastContentMs,
    total_ms: attempt.totalMs,
    chosen: attempt.chosen,
    continues: attempt.continues,
    resumes: attempt.resumes,
  }));
}

/** The record of a row and its attempts, in the order of their numbers. */
export function recordOf(row: RequestRow, attempts: readonly AttemptRow[]): RequestRecord {
  return {
    requestId: row.id,
    startedAtMs: row.started_at.getTime(),
    operation: row.operation,
    dialect: row.dialect,
    stream: row.stream,
    model: row.model,
    ...present("keyId", row.key_id),
    ...present("decision", row.decision),
    attempts: attempts.map(attemptOf),
    outcome: row.outcome,
    status: row.status,
    ...present("errorCode", row.error_code),
    ...present("usage", usageOf(row)),
    ...present("cost", requestCost(row)),
    ...present("finishReason", row.finish_reason),
    ...present("upstreamResponseId", row.upstream_response_id),
    timings: {
      queueMs: row.queue_ms,
      gatewayMs: row.gateway_ms,
      ...present("firstByteMs", row.first_byte_ms),
      ...present("firstContentMs", row.first_content_ms),
      ...present("lastContentMs", row.last_content_ms),
      totalMs: row.total_ms,
    },
    ...present("unit", unitOf(row)),
    ...present("conversation", row.conversation),
    capture: row.capture,
    tags: row.tags,
    emulated: row.emulated,
  };
}

function attemptOf(row: AttemptRow): AttemptRecord {
  return {
    attempt: row.attempt,
    deployment: row.deployment,
    provider: row.provider,
    variant: row.variant,
    model: row.model,
    ...(row.continues === true && { continues: true }),
    ...(row.resumes === true && { resumes: true }),
    outcome: row.outcome,
    ...present("chosen", row.chosen),
    ...present("status", row.status),
    ...present("failure", row.failure),
    ...present("usage", usageOf(row)),
    ...present("cost", attemptCost(row)),
    startedMs: row.started_ms,
    ...present("connectMs", row.connect_ms),
    ...present("firstByteMs", row.first_byte_ms),
    ...present("firstContentMs", row.first_content_ms),
    ...present("lastContentMs", row.last_content_ms),
    totalMs: row.total_ms,
  };
}

function requestCost(row: RequestRow): RequestRecord["cost"] {
  if (typeof row.cost_pico !== "number") return undefined;
  return {
    picoDollars: row.cost_pico,
    estimated: row.cost_estimated === true,
    unpricedAttempts: row.unpriced_attempts ?? 0,
  };
}

function attemptCost(row: AttemptRow): AttemptRecord["cost"] {
  return typeof row.cost_pico !== "number"
    ? undefined
    : { picoDollars: row.cost_pico, estimated: row.cost_estimated === true };
}

function unitOf({ unit, unit_source: source }: RequestRow): RequestUnit | undefined {
  return unit && source ? { id: unit, source } : undefined;
}

function usageColumns(usage: Usage | undefined): Written<UsageColumns> {
  const { inputByModality, cachedByModality, outputByModality } = usage ?? {};
  const byModality = {
    ...present("inputByModality", inputByModality),
    ...present("cachedByModality", cachedByModality),
    ...present("outputByModality", outputByModality),
  };
  return {
    input_tokens: usage?.inputTokens,
    cached_input_tokens: usage?.cachedInputTokens,
    tool_input_tokens: usage?.toolInputTokens,
    output_tokens: usage?.outputTokens,
    thinking_tokens: usage?.thinkingTokens,
    usage_by_modality: Object.keys(byModality).length === 0 ? undefined : byModality,
    service_tier: usage?.serviceTier,
  };
}

function usageOf(row: UsageColumns): Usage | undefined {
  if (typeof row.input_tokens !== "number") return undefined;
  return {
    inputTokens: row.input_tokens,
    cachedInputTokens: row.cached_input_tokens ?? 0,
    toolInputTokens: row.tool_input_tokens ?? 0,
    outputTokens: row.output_tokens ?? 0,
    thinkingTokens: row.thinking_tokens ?? 0,
    ...row.usage_by_modality,
    ...present("serviceTier", row.service_tier),
  };
}

/** An object with one key, or with none when the value is absent. */
function present<Key extends string, Value>(
  key: Key,
  value: Value | null | undefined,
): { readonly [name in Key]?: Value } {
  // A computed key widens to `string`; the object has exactly this one.
  return value === null || value === undefined
    ? {}
    : ({ [key]: value } as { readonly [name in Key]?: Value });
}
