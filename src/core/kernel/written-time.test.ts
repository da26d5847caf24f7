import { expect, test } from "vitest";
import { writtenTime } from "./written-time.ts";

const utc = { assumesUtc: true };
const strict = { assumesUtc: false };

test.each([
  ["2026-11-25T12:00:00Z", "2026-11-25T12:00:00Z"],
  ["2026-11-25T12:00:00.123456+01:00", "2026-11-25T12:00:00.123456+01:00"],
  [" 2026-11-25 12:00:00+00 ", "2026-11-25T12:00:00+00:00"],
  ["2026-11-25 12:00:00 +0530", "2026-11-25T12:00:00+05:30"],
  ["2026-11-25t12:00z", "2026-11-25T12:00:00Z"],
  [1_764_072_000, "2025-11-25T12:00:00.000Z"],
  ["1764072000", "2025-11-25T12:00:00.000Z"],
  [1_764_072_000_500, "2025-11-25T12:00:00.500Z"],
])("%j is %s", (written, iso) => {
  expect(writtenTime(written, strict)).toEqual({ ok: true, value: iso });
});

test.each(["2026-11-25T12:00:00", "2026-11-25 12:00", "2026-11-25"])(
  "%s has a zone only when one is assumed",
  (written) => {
    expect(writtenTime(written, strict)).toEqual({ ok: false, error: "no zone" });
    const time = written.length > 10 ? "12:00:00" : "00:00:00";
    expect(writtenTime(written, utc)).toEqual({ ok: true, value: `2026-11-25T${time}Z` });
  },
);

test.each(["", "yesterday", "25.11.2026", "11/25/2026", "12:00", -1, 1e30, Number.NaN])(
  "%j is no time",
  (written) => {
    expect(writtenTime(written, utc)).toEqual({ ok: false, error: "no time" });
  },
);
