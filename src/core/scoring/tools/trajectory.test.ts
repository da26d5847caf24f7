import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import { scoreOf } from "../scored.test-support.ts";

const call = (name: string, args?: Record<string, Json>) => ({ name, arguments: args });
const find = call("find", { city: "Paris", days: 2 });
const book = call("book", { hotel: 7, guests: [{ name: "Ann" }] });
const pay = call("pay", {});

function passes(
  config: Record<string, Json>,
  toolCalls: (typeof find)[],
  reference: Json,
): boolean | undefined {
  const score = scoreOf(config, { toolCalls, fields: { reference } });
  return score.kind === "scored" ? score.passed : undefined;
}

describe("tool_call", () => {
  test.each<[Record<string, Json>, Json, boolean]>([
    [{}, { name: "find", arguments: { days: 2, city: "Paris" } }, true],
    [{}, { name: "find", arguments: { city: "Paris" } }, false],
    [{ arguments: "subset" }, { name: "find", arguments: { city: "Paris" } }, true],
    [{ arguments: "subset" }, { name: "find", arguments: { city: "Rome" } }, false],
    [{ arguments: "subset" }, { name: "find", arguments: { country: "FR" } }, false],
    [{ arguments: "subset" }, { name: "book", arguments: { guests: [{}] } }, true],
    [{ arguments: "subset" }, { name: "book", arguments: { guests: [] } }, false],
    [{ arguments: "subset" }, { name: "book", arguments: { hotel: {} } }, false],
    [{ arguments: "ignored" }, { name: "find", arguments: { city: "Rome" } }, true],
    [{}, { name: "find" }, true],
    [{}, { name: "found" }, false],
    [{}, { name: "book", arguments: '{"hotel": 7, "guests": [{"name": "Ann"}]}' }, true],
    [{}, { type: "function", function: { name: "find", arguments: '{"city":"Paris","days":2}' } }, true],
    [{}, [{ name: "found" }, { name: "find" }], true],
  ])("%j %j", (options, reference, passed) => {
    expect(passes({ kind: "tool_call", ...options }, [find, book], reference)).toBe(passed);
  });

  test("arguments that are no JSON match nothing but a name", () => {
    expect(passes({ kind: "tool_call" }, [call("find")], { name: "find", arguments: {} })).toBe(false);
    expect(passes({ kind: "tool_call" }, [call("find")], { name: "find" })).toBe(true);
  });

  test("a reference that is no call gives no score", () => {
    for (const reference of ["find", { arguments: {} }, { name: "find", arguments: "{" }, [1]]) {
      expect(scoreOf({ kind: "tool_call" }, { fields: { reference } })).toMatchObject({
        code: "reference-invalid",
      });
    }
  });
});

describe("trajectory", () => {
  test.each([
    ["strict", [find, book], [find, book], true],
    ["strict", [book, find], [find, book], false],
    ["strict", [find, book, pay], [find, book], false],
    ["unordered", [book, find], [find, book], true],
    ["unordered", [book, find, pay], [find, book], false],
    ["unordered", [find, find], [find, book], false],
    ["superset", [pay, find, book], [find, book], true],
    ["superset", [find], [find, book], false],
    ["superset", [find], [find, find], false],
    ["subset", [find], [find, book], true],
    ["subset", [], [find, book], true],
    ["subset", [pay], [find, book], false],
    ["strict", [], [], true],
  ])("%s: %j for %j is %s", (mode, made, wanted, passed) => {
    const reference = JSON.parse(JSON.stringify(wanted));
    expect(passes({ kind: "trajectory", mode }, made, reference)).toBe(passed);
  });

  test("a call that would do for two goes to the one that needs it", () => {
    // The first wanted call is had by both, the second by the first only.
    const reference = [
      { name: "find", arguments: {} },
      { name: "find", arguments: { days: 2 } },
    ];
    const made = [find, call("find", { city: "Rome" })];
    expect(passes({ kind: "trajectory", mode: "unordered", arguments: "subset" }, made, reference)).toBe(
      true,
    );
  });

  test("more calls than are compared give no score", () => {
    const made = Array.from({ length: 501 }, () => find);
    const score = scoreOf({ kind: "trajectory" }, { toolCalls: made, fields: { reference: [] } });
    expect(score).toMatchObject({ code: "scorer-timeout" });
  });
});
