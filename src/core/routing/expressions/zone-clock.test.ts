import { expect, test } from "vitest";
import { isZone, zoneClock } from "./zone-clock.ts";

test.each([
  ["UTC", "2026-01-01T00:00:00Z", { hour: 0, minute: 0, weekday: "thu", date: "2026-01-01" }],
  ["Asia/Kolkata", "2026-01-01T00:00:00Z", { hour: 5, minute: 30, weekday: "thu", date: "2026-01-01" }],
  ["America/New_York", "2026-01-01T00:00:00Z", { hour: 19, minute: 0, weekday: "wed", date: "2025-12-31" }],
  ["Europe/Berlin", "2026-03-29T00:59:59Z", { hour: 1, minute: 59, weekday: "sun", date: "2026-03-29" }],
  ["Europe/Berlin", "2026-03-29T01:00:00Z", { hour: 3, minute: 0, weekday: "sun", date: "2026-03-29" }],
  ["Europe/Berlin", "2026-10-25T00:59:59Z", { hour: 2, minute: 59, weekday: "sun", date: "2026-10-25" }],
  ["Europe/Berlin", "2026-10-25T01:00:00Z", { hour: 2, minute: 0, weekday: "sun", date: "2026-10-25" }],
  ["UTC", "1969-12-31T23:00:00Z", { hour: 23, minute: 0, weekday: "wed", date: "1969-12-31" }],
])("in %s at %s", (zone, at, wanted) => {
  expect(zoneClock(zone)(Date.parse(at))).toEqual(wanted);
});

test("one clock goes on over a change of the offset, and back", () => {
  const clock = zoneClock("Europe/Berlin");
  const change = Date.parse("2026-03-29T01:00:00Z");
  expect([change - 1, change, change - 1].map((at) => clock(at).hour)).toEqual([1, 3, 1]);
});

test("zones are known by their names", () => {
  expect(["Europe/Berlin", "UTC", "Mars/Olympus", ""].map(isZone)).toEqual([true, true, false, false]);
});
