import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonDepthMax, jsonPrefix } from "./json-prefix.ts";

describe("a JSON text", () => {
  test("that is whole is what JSON.parse makes of it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, undefined, spaced ? 2 : 0);
        const read = jsonPrefix(text);
        expect(read.state).toBe("whole");
        expect(read.value).toEqual(JSON.parse(text));
      }),
    );
  });

  test("that is cut off anywhere is unfinished or whole, never broken, and only grows", () => {
    const value = { a: ['x\u00e9\n"', { b: null }, -1.5e3, true], "c d": "\ud83d\ude00 text" };
    const text = JSON.stringify(value);
    for (let end = 1; end <= text.length; end++) {
      const { state } = jsonPrefix(text.slice(0, end));
      expect(state, text.slice(0, end)).toBe(end === text.length ? "whole" : "unfinished");
    }
    expect(jsonPrefix('{"a": ["x", {"b": nul').value).toEqual({ a: ["x", {}] });
    expect(jsonPrefix('{"a": "one\\u00').value).toEqual({ a: "one" });
    expect(jsonPrefix('{"a": "one\\').value).toEqual({ a: "one" });
    expect(jsonPrefix('{"a": 1, "b').value).toEqual({ a: 1 });
  });

  test.each([
    ['{"a": x}', 6],
    ["{a: 1}", 1],
    ["[1 2]", 3],
    ['{"a": 1} and more', 9],
    ["Here it is", 0],
    ['["a\u0001b"]', 1],
    ["[tru]", 1],
  ])("%s breaks at character %i", (text, at) => {
    expect(jsonPrefix(text)).toMatchObject({ state: "broken", at });
  });

  test("that is nested too deep is broken, not a failed recursion", () => {
    expect(jsonPrefix("[".repeat(1_000_000))).toMatchObject({ state: "broken", at: jsonDepthMax + 1 });
  });

  test("a key of the prototype stays a key", () => {
    const { value } = jsonPrefix('{"__proto__": {"polluted": true}}');
    expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});
