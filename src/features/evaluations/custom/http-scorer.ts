import { createHash } from "node:crypto";
import type { Clock } from "#core/kernel/clock.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { signWebhook, webhookSecretSchema } from "#core/kernel/webhook-signature.ts";
import type { HttpConfig } from "#core/scoring/custom/custom-config.ts";
import { customScore } from "#core/scoring/custom/custom-score.ts";
import { unscored } from "#core/scoring/score.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import type { ScorerProblem } from "#core/scoring/scorer.ts";
import type { RunScorer } from "#features/evaluations/scorers/run-scorer.ts";
import { askAgain } from "#features/evaluations/targets/ask-again.ts";
import type { ModelReply } from "#features/evaluations/targets/model-reply.ts";
import type { PostedJson } from "#features/evaluations/targets/post-json.ts";

/** What it is made with. */
export interface HttpContext {
  readonly post: (posted: PostedJson, signal: AbortSignal) => Promise<ModelReply>;
  /** An environment variable. */
  readonly variable: (name: string) => string | undefined;
  readonly clock: Pick<Clock, "nowMs">;
  readonly timers: Timers;
}

/**
 * A scorer behind an address: it is posted each answer, and answers its score. Overload and broken connections are tried again, under
 * the same `webhook-id`.
 */
export function httpScorer(config: HttpConfig, context: HttpContext): Result<RunScorer, ScorerProblem> {
  const secret = secretOf(config, context);
  if (!secret.ok) return secret;
  return ok({
    timeoutMs: config.timeout * 1_000,
    async score(answer, signal) {
      const body = bodyOf(answer);
      const reply = await askAgain({ timers: context.timers, signal }, () =>
        context.post({ url: config.url, headers: headersOf(body, secret.value, context), body }, signal),
      );
      return { score: reply.kind === "answered" ? customScore(reply.body) : noScore(reply) };
    },
  });
}

function noScore({ code, message }: Extract<ModelReply, { readonly kind: "failed" }>) {
  const kind = code === "unreadable" ? "scorer-unreadable" : "scorer-failed";
  return unscored(kind, `A score is wanted of the scorer's server, it gave none: ${message} (${code})`);
}

function secretOf(
  { secret_env: name }: HttpConfig,
  { variable }: HttpContext,
): Result<string | undefined, ScorerProblem> {
  if (name === undefined) return ok(undefined);
  const secret = variable(name);
  const wanted = `a secret in the environment variable ${name}: 24 to 64 bytes in base64`;
  if (secret === undefined) return failed({ wanted, actual: "not set" });
  return webhookSecretSchema.safeParse(secret).success
    ? ok(secret)
    : failed({ wanted, actual: "another value" });
}

function headersOf(
  body: string,
  secret: string | undefined,
  { clock }: HttpContext,
): Readonly<Record<string, string>> {
  const id = `score_${createHash("sha256").update(body).digest("hex").slice(0, 32)}`;
  const timestampS = Math.floor(clock.nowMs() / 1_000);
  return {
    "user-agent": "signalbox",
    "webhook-id": id,
    "webhook-timestamp": String(timestampS),
    ...(secret !== undefined && { "webhook-signature": signWebhook({ id, timestampS, body, secret }) }),
  };
}

function bodyOf({ item, target, fields, ...answer }: ScoredAnswer): string {
  return JSON.stringify({
    target,
    item: { id: item, fields },
    answer: {
      text: answer.text,
      tool_calls: answer.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given ?? null })),
      finish_reason: answer.finishReason,
      latency_ms: answer.latencyMs,
      cost_usd: answer.costUsd,
      input_tokens: answer.inputTokens,
      output_tokens: answer.outputTokens,
    },
  });
}
