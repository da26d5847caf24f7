const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** UTC minus local time in Los Angeles, ms: standard time, and daylight saving time. */
const standardMs = 8 * hourMs;
const daylightMs = 7 * hourMs;

/**
 * The next midnight in Los Angeles after `nowMs`, when Google's daily quotas come back (ms since 1970).
 *
 * Daylight saving time runs from the second Sunday of March, 2:00 standard time (10:00 UTC), to the first Sunday of
 * November, 2:00 daylight time (09:00 UTC): Energy Policy Act of 2005, section 110, 15 U.S.C. 260a; in force since 2007.
 * Reckoned by hand, without Intl and its formatters. Should the law change, the tests against Intl fail with the next
 * Node that knows of it.
 */
export function nextPacificMidnight(nowMs: number): number {
  const localMs = nowMs - (isDaylightTime(nowMs) ? daylightMs : standardMs);
  // As if its midnight were in UTC.
  const nextDayMs = (Math.floor(localMs / dayMs) + 1) * dayMs;
  // The clock changes at 2:00, never at midnight: one of the two is right.
  const inDaylightTime = nextDayMs + daylightMs;
  return isDaylightTime(inDaylightTime) ? inDaylightTime : nextDayMs + standardMs;
}

function isDaylightTime(ms: number): boolean {
  const year = new Date(ms).getUTCFullYear();
  return ms >= sundayOf(year, 2, 2) + 10 * hourMs && ms < sundayOf(year, 10, 1) + 9 * hourMs;
}

/** Midnight UTC of the nth Sunday of a month, ms since 1970. */
function sundayOf(year: number, month: number, nth: number): number {
  const firstMs = Date.UTC(year, month, 1);
  const daysToSunday = (7 - new Date(firstMs).getUTCDay()) % 7;
  return firstMs + (daysToSunday + 7 * (nth - 1)) * dayMs;
}
