import { failed, ok, type Result } from "./result.ts";
import { writtenNumber } from "./written-value.ts";

/** A date, and what may follow: a time of day, behind T or a space, and its zone, also as databases write it (`+00`). */
const pattern =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?: ?(?<zone>Z|[+-]\d\d(?::?\d\d)?))?)?$/i;

/** Later than any time that is meant in seconds: 2286. */
const secondsMax = 1e10;
/** The end of the year 9999, ms since 1970: what comes later is written in another form. */
const timeMsMax = 253_402_300_799_999;

/**
 * A time as ISO 8601 with its zone, of what programs write: ISO 8601, also with a space for the T, or a number of seconds or
 * milliseconds since 1970. Whether there is such a day is not looked at.
 * @param assumesUtc whether a time without a zone, or a day alone, is one of UTC; it is `no zone` else
 */
export function writtenTime(
  value: string | number,
  { assumesUtc }: { readonly assumesUtc: boolean },
): Result<string, "no time" | "no zone"> {
  const number = typeof value === "number" ? value : writtenNumber(value);
  if (number !== undefined) return ofNumber(number);
  const { date, time, zone } = pattern.exec(String(value).trim())?.groups ?? {};
  if (date === undefined) return failed("no time");
  if (zone === undefined && !assumesUtc) return failed("no zone");
  return ok(`${date}T${withSeconds(time ?? "00:00")}${withMinutes(zone ?? "Z")}`);
}

function ofNumber(value: number): Result<string, "no time"> {
  const ms = value < secondsMax ? value * 1_000 : value;
  return ms >= 0 && ms <= timeMsMax ? ok(new Date(ms).toISOString()) : failed("no time");
}

function withSeconds(time: string): string {
  return time.length === "00:00".length ? `${time}:00` : time;
}

function withMinutes(zone: string): string {
  const digits = /^([+-]\d\d):?(\d\d)?$/.exec(zone);
  return digits ? `${digits[1] ?? ""}:${digits[2] ?? "00"}` : "Z";
}
