import type { JsonObject } from "#core/kernel/json.ts";
import { listOf, textOf } from "#core/dialects/fields.ts";

/** The longest wait that is believed, ms: a day. */
const waitMsMax = 24 * 60 * 60 * 1000;

/** How an upstream may say when to come back. */
export interface RetryHints {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The error object of the body, if there was one. */
  readonly error: JsonObject | undefined;
  /** Wall clock, ms since 1970: `retry-after` may be a date. */
  readonly nowMs: number;
}

/**
 * How long the upstream asks to wait, ms in [0, a day]: `retry-after-ms`, else `retry-after` (seconds or a date; the
 * past is 0), else Google's RetryInfo, else OpenAI's words "Please try again in 1m2.5s".
 */
export function retryAfterMs({ headers, error, nowMs }: RetryHints): number | undefined {
  const wait =
    plainNumber(headers["retry-after-ms"]) ??
    headerMs(headers["retry-after"], nowMs) ??
    retryInfoMs(error) ??
    spokenMs(error?.["message"]);
  return wait === undefined ? undefined : Math.min(Math.max(0, Math.ceil(wait)), waitMsMax);
}

function plainNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

function headerMs(text: string | undefined, nowMs: number): number | undefined {
  const seconds = plainNumber(text);
  if (seconds !== undefined) return seconds * 1000;
  // An HTTP date names its weekday first: Date.parse alone would take "-5" for one.
  const isDate = text !== undefined && /^\s*[A-Z][a-z]{2,8},? /.test(text);
  const dateMs = isDate ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : dateMs - nowMs;
}

function retryInfoMs(error: JsonObject | undefined): number | undefined {
  const info = listOf(error?.["details"]).find((detail) => textOf(detail["@type"]).endsWith("RetryInfo"));
  const seconds = /^(\d{1,12}(?:\.\d+)?)s$/.exec(textOf(info?.["retryDelay"]))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function spokenMs(message: unknown): number | undefined {
  if (typeof message !== "string") return undefined;
  const spoken = /(?:try again|retry) in ((?:\d{1,9}(?:\.\d{1,12})?(?:ms|s|m|h|d))+)/i.exec(message)?.[1];
  if (spoken === undefined) return undefined;
  const terms = spoken.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/gi);
  return [...terms].reduce(
    (sum, [, value, unit]) => sum + Number(value) * (unitMs[(unit ?? "").toLowerCase()] ?? 0),
    0,
  );
}

/** A quota that Google's QuotaFailure detail names. */
export interface ViolatedQuota {
  readonly id: string;
  /** Whether the quota is nothing at all: waiting does not help. */
  readonly isZero: boolean;
}

/** The violations of Google's QuotaFailure detail. */
export function violatedQuotas(error: JsonObject): readonly ViolatedQuota[] {
  return listOf(error["details"])
    .filter((detail) => textOf(detail["@type"]).endsWith("QuotaFailure"))
    .flatMap((detail) => listOf(detail["violations"]))
    .map(({ quotaId, quotaValue }) => ({
      id: textOf(quotaId),
      isZero: quotaValue === "0" || quotaValue === 0,
    }));
}
