import type { QuotaNews, RateLimitNews } from "#core/llm/rate-limit-news.ts";

type Headers = Readonly<Record<string, string>>;

/**
 * What `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` say: https://platform.openai.com/docs/guides/rate-limits,
 * read 2026-11-25. A part whose words are not understood says nothing.
 */
export function rateLimits(headers: Headers): RateLimitNews | undefined {
  // Most servers send none of them: two looks are all that costs.
  const requests = newsOf(headers, requestHeaders);
  const tokens = newsOf(headers, tokenHeaders);
  if (!requests && !tokens) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

interface HeaderNames {
  readonly left: string;
  readonly limit: string;
  readonly reset: string;
}

const requestHeaders = names("requests");
const tokenHeaders = names("tokens");

function names(what: string): HeaderNames {
  return {
    left: `x-ratelimit-remaining-${what}`,
    limit: `x-ratelimit-limit-${what}`,
    reset: `x-ratelimit-reset-${what}`,
  };
}

function newsOf(headers: Headers, { left, limit, reset }: HeaderNames): QuotaNews | undefined {
  const said = headers[left];
  if (said === undefined) return undefined;
  const leftNow = countOf(said);
  const resetMs = msOfReset(headers[reset]);
  if (leftNow === undefined || resetMs === undefined) return undefined;
  const whole = countOf(headers[limit]);
  return { left: leftNow, resetMs, ...(whole !== undefined && { limit: whole }) };
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const unitsMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** `1s`, `6m0s`, `1h2m3.5s`, `120ms`; a bare number is seconds, as compatible servers write it. */
export function msOfReset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text) * 1_000;
  if (!/^(\d{1,9}(\.\d{1,9})?(ms|[dhms])){1,5}$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g))
    sum += Number(amount) * (unitsMs[unit] ?? 0);
  return sum;
}
