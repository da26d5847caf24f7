import { describe, expect, test } from "vitest";
import { customScore } from "./custom-score.ts";

describe("what a scorer of somebody's own gave", () => {
  test.each([
    [0.25, { kind: "scored", value: 0.25 }],
    [true, { kind: "scored", value: 1, passed: true }],
    [false, { kind: "scored", value: 0, passed: false }],
    [{ value: 3 }, { kind: "scored", value: 3 }],
    [
      { value: true, reason: "yes" },
      { kind: "scored", value: 1, passed: true, reason: "yes" },
    ],
    [
      { value: 0.4, passed: true },
      { kind: "scored", value: 0.4, passed: true },
    ],
    [
      { value: 0.4, reason: "" },
      { kind: "scored", value: 0.4 },
    ],
  ])("%j is a score", (given, score) => expect(customScore(given)).toEqual(score));

  test.each([
    [NaN, "not-a-number"],
    [Infinity, "not-a-number"],
    [{ value: NaN }, "not-a-number"],
    [undefined, "scorer-unreadable"],
    [null, "scorer-unreadable"],
    ["1", "scorer-unreadable"],
    [[1], "scorer-unreadable"],
    [{}, "scorer-unreadable"],
    [{ value: "1" }, "scorer-unreadable"],
    [{ value: 1, passed: "yes" }, "scorer-unreadable"],
  ])("%j is none", (given, code) => expect(customScore(given)).toMatchObject({ kind: "unscored", code }));

  test("a reason is bounded", () => {
    const score = customScore({ value: 1, reason: "x".repeat(100_000) });
    expect(score).toMatchObject({ kind: "scored", reason: "x".repeat(2_000) });
  });
});
