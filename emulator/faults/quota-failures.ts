import { ApiFailure } from "../api-failure.ts";
import type { JsonObject } from "../json.ts";

/** What a quota counts, and over which time. */
export type QuotaWindow = "requests-per-minute" | "tokens-per-minute" | "requests-per-day";

/** What a 429 says. */
export interface QuotaViolation {
  readonly tier: "free" | "tier1" | "tier2";
  readonly model: string;
  readonly windows: readonly QuotaWindow[];
  readonly requestsPerMinute: number;
  readonly inputTokensPerMinute: number;
  readonly requestsPerDay: number;
  readonly retryAfterMs: number;
}

const service = "generativelanguage.googleapis.com";
const limitsPage = "https://ai.google.dev/gemini-api/docs/rate-limits";

/**
 * The Gemini API's 429 for an exceeded quota: QuotaFailure, Help and RetryInfo. Texts and ids as seen in public
 * threads (gemini-cli #10925, cline #2540, langchain-google #945), read 2026-11-24.
 */
export function quotaFailure(violation: QuotaViolation): ApiFailure {
  const violations = violation.windows.map((window) => windowViolation(window, violation));
  const seconds = violation.retryAfterMs / 1000;
  const exceeded = violations.map(
    ({ quotaMetric, quotaValue }) =>
      `* Quota exceeded for metric: ${quotaMetric}, limit: ${quotaValue}, model: ${violation.model}`,
  );
  const message =
    `You exceeded your current quota, please check your plan and billing details. For more information on this ` +
    `error, head to: ${limitsPage}. To monitor your current usage, head to: https://ai.dev/rate-limit. \n` +
    `${exceeded.join("\n")}\nPlease retry in ${String(seconds)}s.`;
  return new ApiFailure(429, message, {
    details: [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations },
      helpDetail,
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${Math.floor(seconds)}s` },
    ],
  });
}

/** The Help detail of quota errors. */
export const helpDetail: JsonObject = {
  "@type": "type.googleapis.com/google.rpc.Help",
  links: [{ description: "Learn more about Gemini API quotas", url: limitsPage }],
};

function windowViolation(window: QuotaWindow, violation: QuotaViolation) {
  const { metric, id, value } = windowNames(window, violation);
  return {
    quotaMetric: `${service}/${metric}`,
    quotaId: id,
    quotaDimensions: { location: "global", model: violation.model },
    quotaValue: String(value),
  };
}

function windowNames(
  window: QuotaWindow,
  violation: QuotaViolation,
): { metric: string; id: string; value: number } {
  const isFree = violation.tier === "free";
  switch (window) {
    case "requests-per-minute":
      return {
        metric: isFree ? "generate_content_free_tier_requests" : "generate_requests_per_model",
        id: `GenerateRequestsPerMinutePerProjectPerModel${isFree ? "-FreeTier" : ""}`,
        value: violation.requestsPerMinute,
      };
    case "requests-per-day":
      return {
        metric: isFree ? "generate_content_free_tier_requests" : "generate_requests_per_model_per_day",
        id: `GenerateRequestsPerDayPerProjectPerModel${isFree ? "-FreeTier" : ""}`,
        value: violation.requestsPerDay,
      };
    case "tokens-per-minute":
      return { ...tokenNames(violation.tier), value: violation.inputTokensPerMinute };
  }
}

function tokenNames(tier: QuotaViolation["tier"]): { metric: string; id: string } {
  switch (tier) {
    case "free":
      return {
        metric: "generate_content_free_tier_input_token_count",
        id: "GenerateContentInputTokensPerModelPerMinute-FreeTier",
      };
    case "tier1":
      return {
        metric: "generate_content_paid_tier_input_token_count",
        id: "GenerateContentPaidTierInputTokensPerModelPerMinute",
      };
    case "tier2":
      return {
        metric: "generate_content_paid_tier_2_input_token_count",
        id: "GenerateContentPaidTierInputTokensPerModelPerMinute-PaidTier2",
      };
  }
}
