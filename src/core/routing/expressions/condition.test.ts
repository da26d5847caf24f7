import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import { exampleFacts, exampleInput, exampleView } from "#core/routing/example.fixture.ts";
import { characteristicsOfText } from "#core/routing/characteristics/characteristics.ts";
import type { StrategyInput } from "#core/routing/strategies/strategy.ts";
import { compileCondition } from "./condition.ts";

const message = "Write a Python function. Then refund me.";
const asked: StrategyInput = exampleInput(
  [],
  {},
  {
    facts: exampleFacts({
      inputTokens: 5_000,
      turns: 3,
      hasTools: true,
      mediaKinds: new Set(["image"]),
      tags: { tier: "free", level: "7", vip: "true" },
    }),
    // 2026-11-25 is a Wednesday; in Berlin it is 00:30 on Thursday.
    nowMs: Date.parse("2026-11-25T23:30:00Z"),
    view: exampleView({
      header: (name) => (name === "x-team" ? "search" : undefined),
      caller: { kind: "key", keyId: "key-1" },
      newestMessage: () => message,
      characteristics: () => characteristicsOfText(message, "Be brief."),
    }),
  },
);

function holds(written: Json): boolean {
  const compiled = compileCondition(written);
  if (!compiled.ok) expect.unreachable(JSON.stringify(compiled.error));
  return compiled.value(asked);
}

describe("a condition", () => {
  test.each<[Json, boolean]>([
    [{ input_tokens: 5_000 }, true],
    [{ input_tokens: { $gt: 5_000 } }, false],
    [{ input_tokens: { $gte: 5_000, $lt: 6_000 } }, true],
    [{ input_tokens: { $gte: 5_000, $lt: 5_000 } }, false],
    [{ input_tokens: { $lte: 4_999 } }, false],
    [{ turns: { $ne: 3 } }, false],
    [{ turns: { $in: [1, 3] } }, true],
    [{ turns: { $nin: [1, 3] } }, false],
    [{ tools: true, schema: false }, true],
    [{ tools: true, schema: true }, false],
    [{ media: "image" }, true],
    [{ media: { $in: ["audio", "video"] } }, false],
    [{ operation: "chat" }, true],
    [{ "tags.tier": "free" }, true],
    [{ "tags.level": 7 }, true],
    [{ "tags.level": { $gt: 10 } }, false],
    [{ "tags.vip": true }, true],
    [{ "tags.none": "x" }, false],
    [{ "tags.none": { $ne: "x" } }, true],
    [{ "tags.none": { $lt: 10 } }, false],
    [{ "tags.none": { $exists: false } }, true],
    [{ "tags.constructor": { $exists: true } }, false],
    [{ max_output_tokens: { $exists: true } }, false],
    [{ max_output_tokens: { $lt: 100 } }, false],
    [{ "headers.X-Team": "search" }, true],
    [{ "principal.kind": "key", "principal.key": "key-1" }, true],
    [{ message: { $regex: "(?i)\\bREFUND\\b" } }, true],
    [{ message: { $regex: "^refund" } }, false],
    [{ code: true, language: "en" }, true],
    [{ maths: true }, false],
    [{ question: { $in: ["create", "instruction"] } }, true],
    [{ system_prompt: { $regex: "^[0-9a-f]{12}$" } }, true],
    [{ "time.hour": 23, "time.minute": 30, "time.weekday": "wed", "time.date": "2026-11-25" }, true],
    [{ "time.hour": { $eq: 0, $zone: "Europe/Berlin" } }, true],
    [{ "time.weekday": { $in: ["thu"], $zone: "Europe/Berlin" } }, true],
    [{ "time.date": { $gte: "2026-11-26", $zone: "Asia/Kolkata" } }, true],
    [{ "time.date": { $gte: "2026-11-26" } }, false],
    [{ $or: [{ turns: 1 }, { "tags.tier": "free" }] }, true],
    [{ $and: [{ turns: 3 }, { "tags.tier": "paid" }] }, false],
    [{ $not: { turns: 1, "tags.tier": "free" } }, true],
    [{ $not: { $or: [{ turns: 3 }] }, "tags.tier": "free" }, false],
  ])("%j is %s", (written, wanted) => {
    expect(holds(written)).toBe(wanted);
  });
});

describe("refused, with the place and what is wanted", () => {
  const problem = (written: Json) => {
    const compiled = compileCondition(written);
    return compiled.ok ? expect.unreachable("it compiled") : compiled.error[0];
  };

  test.each<[Json, readonly (string | number)[], string]>([
    ["free", [], "a map from fields"],
    [{}, [], "at least one field"],
    [{ turns: {} }, ["turns"], "one of $eq"],
    [{ turns: "3" }, ["turns"], "a number"],
    [{ turns: { $in: [] } }, ["turns", "$in"], "a list of 1 to 1000"],
    [{ turns: { $in: ["3"] } }, ["turns", "$in"], "a list with only a number"],
    [{ tools: { $gt: true } }, ["tools", "$gt"], "$eq, since this has no order"],
    [{ turns: { $regex: "3" } }, ["turns", "$regex"], "$eq, since this is no text"],
    [{ "tags.a": { $exists: 1 } }, ["tags.a", "$exists"], "true or false"],
    [{ $or: {} }, ["$or"], "a list of conditions"],
    [{ $or: [{ turns: 1 }, 5] }, ["$or", 1], "a map from fields"],
    [{ "time.hour": { $gt: 5, $zone: "Mars" } }, ["time.hour", "$zone"], "a time zone"],
    [{ turns: { $gt: 5, $zone: "UTC" } }, ["turns", "$zone"], "a field about time"],
  ])("%j", (written, path, wanted) => {
    const found = problem(written);
    expect(found?.path).toEqual(path);
    expect(found?.wanted).toContain(wanted);
  });

  test.each(["turnz", "tags.", "tags", "headers.Authorization", "headers.x-goog-api-key", "constructor"])(
    "the field %s, with those that there are",
    (name) => {
      expect(problem({ [name]: 1 })?.known).toContain("input_tokens");
    },
  );

  test("an operator that there is not", () => {
    expect(problem({ turns: { $gtt: 1 } })?.known).toContain("$gt");
  });

  test.each([
    ["it does not close", "(a+", "missing closing"],
    ["it looks around", "(?=a)b", "invalid or unsupported"],
    ["it refers back", "(a)\\1", "invalid escape"],
    ["it is long", "a".repeat(501), "501 characters"],
    ["it is long when written out", "((a{1,30}){1,30})", "one of"],
  ])("a pattern: %s", (_what, pattern, actual) => {
    expect(problem({ message: { $regex: pattern } })?.actual).toContain(actual);
  });

  test("nesting without end, and comparisons without end", () => {
    let nested: Json = { turns: 1 };
    for (let depth = 0; depth < 10; depth++) nested = { $not: nested };
    expect(problem(nested)?.wanted).toContain("at most 8 levels");
    const many = Array.from({ length: 101 }, () => ({ turns: 1 }));
    expect(problem({ $or: many })?.wanted).toContain("at most 100 comparisons");
  });
});

test("patterns that take JavaScript's own engine for ever are matched in a moment", () => {
  const compiled = compileCondition({ message: { $regex: "^(([a-z])+.)+[A-Z]([a-z])+$" } });
  if (!compiled.ok) expect.unreachable("it compiles");
  const started = performance.now();
  const text = "a".repeat(4_096);
  expect(compiled.value({ ...asked, view: exampleView({ newestMessage: () => text }) })).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});
