import { describe, expect, test } from "vitest";
import { isForGood, versionChanges, versionChangeText, type VersionSpan } from "./version-change.ts";

const minuteMs = 60_000;
const noonMs = Date.UTC(2026, 11, 3, 12);

/** A version that answered from one minute after noon to another. */
function span(version: string, from: number, to: number, changes: Partial<VersionSpan> = {}): VersionSpan {
  const times = { firstMs: noonMs + from * minuteMs, lastMs: noonMs + to * minuteMs };
  return { variant: "argon", model: "flash-latest", version, requests: 100, ...times, ...changes };
}

const told = (...spans: readonly VersionSpan[]) =>
  versionChanges(spans).map(
    ({ variant, before, after, aloneSinceMs }) =>
      `${variant} ${before.join("+")} -> ${after} at ${(aloneSinceMs - noonMs) / minuteMs}`,
  );

describe("a version that changes for good", () => {
  test("has answered alone for ten minutes", () => {
    expect(told(span("one", 0, 60), span("two", 60, 70))).toEqual([]);
    expect(told(span("one", 0, 60), span("two", 60, 71))).toEqual(["argon one -> two at 61"]);
    expect(told(span("one", 0, 60), span("two", 600, 609))).toEqual([]);
  });

  test("that took turns with another is alone for as long as it did, a day at most", () => {
    expect(told(span("one", 0, 100), span("two", 40, 160))).toEqual([]);
    expect(told(span("two", 40, 162), span("one", 0, 100))).toEqual(["argon one -> two at 101"]);
    expect(told(span("one", 0, 9_000), span("two", 40, 9_001 + 1_439))).toEqual([]);
    expect(told(span("one", 0, 9_000), span("two", 40, 9_001 + 1_440))).toEqual(["argon one -> two at 9001"]);
  });

  test("is told by variant and model, with all that answered before", () => {
    const neon = { variant: "neon" };
    const spans = [
      span("one", 0, 60),
      span("two", 50, 70),
      span("three", 70, 100),
      span("one", 0, 60, neon),
      span("two", 60, 90, neon),
      span("alone", 0, 90, { model: "another" }),
    ];
    expect(told(...spans)).toEqual(["argon one+two -> three at 71", "neon one -> two at 61"]);
  });
});

describe("no version changes for good", () => {
  test("while both take turns, where the first one came back, or where the others are too few to matter", () => {
    expect(told(span("one", 0, 90), span("two", 0, 90))).toEqual([]);
    expect(told(span("one", 0, 200), span("two", 40, 50))).toEqual([]);
    expect(told(span("one", 0, 60, { requests: 1 }), span("two", 60, 90))).toEqual([]);
    expect(told(span("one", 0, 60, { requests: 10_000 }), span("two", 60, 90))).toEqual([]);
    expect(told(span("one", 0, 60))).toEqual([]);
    expect(told()).toEqual([]);
  });

  test("that has given fewer than twenty answers alone, or was not alone after all", () => {
    const [change = expect.unreachable()] = versionChanges([span("one", 0, 60), span("two", 60, 90)]);
    const since = (requests: number, changes: Partial<VersionSpan> = {}) =>
      span("two", 61, 90, { requests, ...changes });
    expect(isForGood(change, [since(20)])).toBe(true);
    expect(isForGood(change, [since(19)])).toBe(false);
    expect(isForGood(change, [])).toBe(false);
    const late = since(1, { version: "one" });
    expect(isForGood(change, [since(20), late])).toBe(false);
    expect(isForGood(change, [since(20), { ...late, variant: "neon" }])).toBe(true);
    expect(isForGood(change, [since(10), since(10, { variant: "neon" })])).toBe(false);
  });
});

test("a change is told with both versions and since when", () => {
  const [change = expect.unreachable()] = versionChanges([span("one", 0, 60), span("two", 60, 90)]);
  expect(versionChangeText(change)).toBe(
    "argon is answered by version two of flash-latest since 2026-12-03 13:01 UTC, by one before",
  );
  expect(versionChangeText({ ...change, before: ["a", "b", "c", "d", "e"] })).toMatch(
    /by a, b, c, and 2 more before$/,
  );
});
