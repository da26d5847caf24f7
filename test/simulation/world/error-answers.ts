import type { ProviderDialectName } from "#core/llm/dialect-name.ts";
import type { FailureKind } from "#core/llm/upstream-failure.ts";
import { answerFrames, type UpstreamErrorWords } from "./answer-frames.ts";
import type { Fault } from "./fault.ts";
import type { SeededChance } from "../../support/seeded-chance.ts";

/** An answer with an error status, and what a reader of the provider's documentation takes from it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly failure: FailureKind;
  /** How long it asks to wait, ms. */
  readonly hintMs?: number;
}

/** The answer of a fault that has a status of its own; undefined for those that have not. */
export function errorAnswer(
  fault: Fault,
  dialect: ProviderDialectName,
  chance: SeededChance,
): ErrorAnswer | undefined {
  switch (fault) {
    case "rate-limited":
      return rateLimited(dialect, chance);
    case "rate-limited-bare":
      return said(dialect, "rate-limited", { status: 429, ...bareLimit[dialect] });
    case "quota-day":
      return said(dialect, "quota-exhausted-day", { status: 429, ...dayQuota });
    case "quota-zero":
      return said(dialect, "quota-zero", { status: 429, ...zeroQuota[dialect] });
    case "overloaded":
      return said(dialect, "overloaded", {
        status: 503,
        code: "UNAVAILABLE",
        message: "The model is overloaded",
      });
    case "server-error":
      return said(dialect, "server-error", { status: 500, code: "INTERNAL", message: "Internal error" });
    case "credential":
      return said(dialect, "credential", { status: 401, code: "UNAUTHENTICATED", message: "No such key" });
    case "model-gone":
      return said(dialect, "model-gone", { status: 404, code: "NOT_FOUND", message: "No such model" });
    case "invalid":
      return said(dialect, "invalid-request", { status: 400, ...invalid[dialect] });
    case "malformed":
      return {
        status: 200,
        headers: { "content-type": "text/html" },
        text: "<html><body>Please sign in to the network</body></html>",
        failure: "malformed-answer",
      };
    default:
      return undefined;
  }
}

function said(dialect: ProviderDialectName, failure: FailureKind, words: UpstreamErrorWords): ErrorAnswer {
  return {
    status: words.status,
    headers: { "content-type": "application/json" },
    text: answerFrames[dialect].errorBody(words),
    failure,
  };
}

/** Says when to come back, in one of the ways in which providers do. */
function rateLimited(dialect: ProviderDialectName, chance: SeededChance): ErrorAnswer {
  const hintMs = chance.integer(1, chance.one([3, 10, 60])) * 1_000;
  const answer = said(dialect, "rate-limited", {
    status: 429,
    code: "RESOURCE_EXHAUSTED",
    message: "You exceeded your current quota",
    details: chance.happens(0.5) ? [minuteQuota, retryInfo(hintMs)] : [minuteQuota],
  });
  if (answer.text.includes("RetryInfo")) return { ...answer, hintMs };
  return { ...answer, hintMs, headers: { ...answer.headers, "retry-after": String(hintMs / 1_000) } };
}

const minuteQuota = {
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel" }],
};

function retryInfo(hintMs: number): object {
  return { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${hintMs / 1_000}s` };
}

const dayQuota = {
  code: "RESOURCE_EXHAUSTED",
  message: "You exceeded your current quota",
  details: [
    {
      "@type": "type.googleapis.com/google.rpc.QuotaFailure",
      violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel" }],
    },
  ],
};

const bareLimit = {
  "openai-chat": { code: "rate_limit_exceeded", message: "Rate limit reached" },
  gemini: { code: "RESOURCE_EXHAUSTED", message: "You exceeded your current quota", details: [minuteQuota] },
};

const zeroQuota = {
  "openai-chat": { code: "insufficient_quota", message: "You have no credit left" },
  gemini: { code: "RESOURCE_EXHAUSTED", message: "Quota exceeded for metric: requests, limit: 0" },
};

const invalid = {
  "openai-chat": { code: "invalid_request_error", message: "temperature must be at most 2" },
  gemini: { code: "INVALID_ARGUMENT", message: "temperature must be at most 2" },
};
