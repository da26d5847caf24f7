import type { Json } from "#core/kernel/json.ts";
import { isJsonObject } from "#core/kernel/json.ts";

/** Ms of a proto duration such as `38s` or `45.578569677s`, or of its object form; undefined when it is none. */
export function retryDelayMs(value: Json | undefined): number | undefined {
  if (typeof value === "string") {
    const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(value.trim()) ?? [];
    return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
  }
  if (!isJsonObject(value)) return undefined;
  const { seconds = 0, nanos = 0 } = value;
  const ms = Number(seconds) * 1000 + Number(nanos) / 1e6;
  return Number.isFinite(ms) && ms >= 0 ? Math.ceil(ms) : undefined;
}

/**
 * Ms that the headers ask to wait: `retry-after-ms`, else `retry-after` in whole seconds or as an HTTP date (RFC 9110,
 * section 10.2.3); a date that is past is 0. Undefined when they say nothing that can be read.
 *
 * @param headers names in lower case
 */
export function headerDelayMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const exact = headers["retry-after-ms"]?.trim() ?? "";
  if (/^\d{1,12}(\.\d+)?$/.test(exact)) return Math.ceil(Number(exact));
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // An HTTP date names its weekday first: Date.parse alone would take "-3" and "1.5" for dates.
  const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** A duration in ms as proto JSON writes it: `7.5s`. */
export function durationText(ms: number): string {
  return `${Number((Math.max(0, ms) / 1000).toFixed(3))}s`;
}
