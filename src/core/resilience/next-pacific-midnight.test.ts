import fc from "fast-check";
import { expect, test } from "vitest";
import { nextPacificMidnight } from "./next-pacific-midnight.ts";

const dayMs = 86_400_000;
const clock = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** Date and time in Los Angeles as Node's own time zones have it. */
function local(ms: number): { readonly day: string; readonly time: string } {
  const parts = Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second } = parts;
  return { day: `${year}-${month}-${day}`, time: `${hour}:${minute}:${second}` };
}

test.each([
  ["in winter", "2026-11-25T12:00:00Z", "2026-11-26T08:00:00Z"],
  ["in summer", "2026-07-01T12:00:00Z", "2026-07-02T07:00:00Z"],
  ["at midnight itself, a day later", "2026-11-25T08:00:00Z", "2026-11-26T08:00:00Z"],
  ["a moment before midnight", "2026-11-25T07:59:59.999Z", "2026-11-25T08:00:00Z"],
  ["on the day that is 23 hours long", "2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"],
  ["on the day that is 25 hours long", "2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"],
  ["when the month begins with a Sunday", "2026-03-01T12:00:00Z", "2026-03-02T08:00:00Z"],
  ["at the turn of the year", "2027-01-01T05:00:00Z", "2027-01-01T08:00:00Z"],
])("%s the next midnight is %s -> %s", (_when, now, midnight) => {
  expect(new Date(nextPacificMidnight(Date.parse(now))).toISOString()).toBe(new Date(midnight).toISOString());
});

test("it is the first midnight that Intl knows of, at any time from 2007 to 2060", () => {
  const anyTime = fc.integer({ min: Date.UTC(2007, 2, 12), max: Date.UTC(2060, 0, 1) });
  fc.assert(
    fc.property(anyTime, (nowMs) => {
      const midnight = nextPacificMidnight(nowMs);
      expect(midnight).toBeGreaterThan(nowMs);
      expect(midnight - nowMs).toBeLessThanOrEqual(dayMs + 3_600_000);
      expect(local(midnight).time).toBe("00:00:00");
      // Between the two there is no other midnight: the millisecond before belongs to the day of now.
      expect(local(midnight - 1).day).toBe(local(nowMs).day);
    }),
    { numRuns: 500 },
  );
});

test("every hour around every change of the clock until 2060 is right", () => {
  for (let year = 2007; year <= 2060; year += 1) {
    for (const [month, from] of [
      [2, 8],
      [10, 1],
    ] as const) {
      for (let hour = 0; hour < 7 * 24; hour += 5) {
        const nowMs = Date.UTC(year, month, from, hour, 30);
        const midnight = nextPacificMidnight(nowMs);
        expect(local(midnight).time).toBe("00:00:00");
        expect(local(midnight - 1).day).toBe(local(nowMs).day);
      }
    }
  }
});
