import { z } from "zod";
import { totalTokens, type Usage } from "#core/llm/usage.ts";
import { dialectNames } from "#core/llm/dialect-name.ts";
import type { AttemptRecord, DecisionRecord, RequestRecord } from "#features/traffic/index.ts";
import { described } from "#http/openapi/described.ts";

export const outcomes = ["completed", "failed", "refused", "aborted"] as const;
const operations = ["chat", "embeddings", "count-tokens"] as const;

const usageView = z
  .object({
    input_tokens: described(z.int(), "Tokens read, cached ones included.", 12),
    cached_input_tokens: described(z.int(), "Tokens read from the provider's cache.", 0),
    tool_input_tokens: described(z.int(), "Tokens that came from the provider's own tools.", 0),
    output_tokens: described(z.int(), "Tokens answered, without thinking.", 22),
    thinking_tokens: described(z.int(), "Tokens thought.", 8),
    total_tokens: described(z.int(), "All tokens.", 42),
  })
  .meta({ id: "Usage", description: "Tokens of a call, as the provider reported them." });

const candidateView = z
  .object({
    variant: described(z.string(), "The variant.", "assistant-flash"),
    probability: described(
      z.number(),
      "Probability with which it could be chosen, 0 to 1; 0 when excluded.",
      0.8,
    ),
    excluded: described(z.string().optional(), "Why it was not eligible.", "the prompt is too long for it"),
  })
  .meta({ id: "Candidate", description: "A variant that was looked at." });

const decisionView = z
  .object({
    route: described(z.string(), "The route, or the model called by its own name.", "assistant"),
    variant: described(z.string(), "The variant that was chosen.", "assistant-flash"),
    strategy: described(z.string(), "How it was chosen.", "weighted"),
    candidates: described(z.array(candidateView), "Every variant that was looked at."),
    propensity: described(
      z.number(),
      "Probability with which the variant was chosen, above 0, at most 1.",
      0.8,
    ),
    draw: described(z.number(), "The number drawn, from 0, below 1.", 0.31),
    ladder: described(z.array(z.string()), "Deployments in the order in which they were to be tried.", [
      "flash",
      "lite",
    ]),
    reason: described(z.string(), "Why this variant, in one sentence.", "drawn with probability 0.8"),
    warnings: described(
      z.array(
        z.object({
          code: described(z.string(), "The kind of warning.", "dropped-field"),
          field: described(z.string(), "The field of the request.", "logprobs"),
          message: described(z.string(), "What was not carried over.", "Gemini cannot carry it"),
        }),
      ),
      "What the pairing of dialects could not carry.",
      [],
    ),
    snapshot: described(
      z.object({
        configuration: described(z.string(), "Version of the configuration.", "3f9a1c"),
        status_epoch: described(z.int(), "How often the status had changed.", 4),
      }),
      "What the decision was taken on.",
    ),
  })
  .meta({ id: "Decision", description: "The choice that was taken for a request." });

const attemptView = z
  .object({
    attempt: described(z.int(), "Which attempt, in the order they began.", 1),
    deployment: described(z.string(), "The deployment called.", "flash"),
    provider: described(z.string(), "Its provider.", "google"),
    variant: described(z.string(), "The variant it served.", "assistant-flash"),
    model: described(z.string(), "The model's id at the provider.", "gemini-3.8-flash"),
    outcome: described(z.enum(["completed", "failed", "aborted"]), "How it ended.", "completed"),
    status: described(z.int().optional(), "HTTP status of the provider; absent when it gave none.", 200),
    failure: described(z.string().optional(), "How it failed.", "overloaded"),
    usage: described(usageView.optional(), "Tokens of this call, also when it failed."),
    started_ms: described(z.number(), "When it began, milliseconds after the request came in.", 1.2),
    first_byte_ms: described(
      z.number().optional(),
      "To the provider's first byte, milliseconds after its start.",
      180.4,
    ),
    first_content_ms: described(
      z.number().optional(),
      "To its first content, milliseconds after its start.",
      214.7,
    ),
    total_ms: described(z.number(), "To its end, milliseconds after its start.", 890.3),
  })
  .meta({ id: "Attempt", description: "One call to one deployment." });

/** One request of the log. */
export const requestView = z
  .object({
    request_id: described(
      z.string(),
      "Id of the request, a UUIDv7; `x-signalbox-request-id` of its answer.",
      "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b",
    ),
    started_at: described(z.string(), "When it came in, ISO 8601 in UTC.", "2026-11-25T10:00:00.000Z"),
    operation: described(z.enum(operations), "What was asked.", "chat"),
    dialect: described(z.enum(dialectNames), "The dialect of the client.", "openai-chat"),
    stream: described(z.boolean(), "Whether a stream was asked for.", true),
    model: described(z.string(), "The name that the client asked for.", "assistant"),
    key_id: described(
      z.string().optional(),
      "Public id of the API key; absent in an open gateway.",
      "key_8f3a",
    ),
    outcome: described(z.enum(outcomes), "How it ended for the client.", "completed"),
    status: described(z.int(), "HTTP status of the answer; 499 when the client left before.", 200),
    error_code: described(
      z.string().optional(),
      "Our word for the error, when there was one.",
      "upstream-failed",
    ),
    finish_reason: described(z.string().optional(), "Why the answer ended.", "stop"),
    usage: described(usageView.optional(), "Tokens of the attempt that answered."),
    first_content_ms: described(
      z.number().optional(),
      "To the first content, milliseconds after the request came in.",
      216.1,
    ),
    total_ms: described(z.number(), "To the end, milliseconds after the request came in.", 892.5),
    gateway_ms: described(
      z.number(),
      "Spent in Signalbox before the first upstream call, milliseconds.",
      0.6,
    ),
    upstream_response_id: described(z.string().optional(), "The provider's id of the answer.", "resp_1"),
    tags: described(z.record(z.string(), z.string()), "Labels sent in `x-signalbox-tags`.", { tier: "free" }),
    emulated: described(z.boolean(), "Whether the emulator answered.", false),
    decision: described(
      decisionView.optional(),
      "The choice that was taken; absent when the request was refused before.",
    ),
    attempts: described(z.array(attemptView), "Every upstream call, in order."),
  })
  .meta({ id: "Request", description: "A request, its decision and its attempts. Never content." });

/** What `/api/requests` tells of a record. */
export function viewOfRequest(record: RequestRecord): z.output<typeof requestView> {
  const { timings } = record;
  return {
    request_id: record.requestId,
    started_at: new Date(record.startedAtMs).toISOString(),
    operation: record.operation,
    dialect: record.dialect,
    stream: record.stream,
    model: record.model,
    key_id: record.keyId,
    outcome: record.outcome,
    status: record.status,
    error_code: record.errorCode,
    finish_reason: record.finishReason,
    usage: record.usage && viewOfUsage(record.usage),
    first_content_ms: timings.firstContentMs,
    total_ms: timings.totalMs,
    gateway_ms: timings.gatewayMs,
    upstream_response_id: record.upstreamResponseId,
    tags: { ...record.tags },
    emulated: record.emulated,
    decision: record.decision && viewOfDecision(record.decision),
    attempts: record.attempts.map(viewOfAttempt),
  };
}

function viewOfUsage(usage: Usage): z.output<typeof usageView> {
  return {
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    tool_input_tokens: usage.toolInputTokens,
    output_tokens: usage.outputTokens,
    thinking_tokens: usage.thinkingTokens,
    total_tokens: totalTokens(usage),
  };
}

function viewOfDecision(decision: DecisionRecord): z.output<typeof decisionView> {
  const { snapshot, candidates, ladder, warnings, ...rest } = decision;
  return {
    ...rest,
    candidates: candidates.map((candidate) => ({ ...candidate })),
    ladder: [...ladder],
    warnings: warnings.map((warning) => ({ ...warning })),
    snapshot: { configuration: snapshot.configuration, status_epoch: snapshot.statusEpoch },
  };
}

function viewOfAttempt(attempt: AttemptRecord): z.output<typeof attemptView> {
  const { usage, startedMs, firstByteMs, firstContentMs, totalMs, ...rest } = attempt;
  return {
    ...rest,
    usage: usage && viewOfUsage(usage),
    started_ms: startedMs,
    first_byte_ms: firstByteMs,
    first_content_ms: firstContentMs,
    total_ms: totalMs,
  };
}
