import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import { scoreOf, valueOf } from "../scored.test-support.ts";
import { compared } from "./json-diff.ts";

const diff = (answer: Json, reference: Json, options = {}) =>
  valueOf({ kind: "json_diff", ...options }, JSON.stringify(answer), reference);

describe("json_diff", () => {
  test.each<[object, Json, Json, number]>([
    [{}, { a: 1, b: 2 }, { b: 2, a: 1 }, 1],
    [{}, { a: 1, b: 2 }, { a: 1, b: 3 }, 1 / 2],
    [{}, { a: 1 }, { a: 1, b: { c: 2, d: 3 } }, 1 / 3],
    [{}, { a: 1, x: [1, 2] }, { a: 1 }, 1 / 3],
    [{ additional: "ignored" }, { a: 1, x: [1, 2] }, { a: 1 }, 1],
    [{}, [1, 2, 3], [3, 2, 1], 1 / 3],
    [{ lists: "sets" }, [1, 2, 3], [3, 2, 1], 1],
    [{ lists: "sets" }, [1, 1], [1], 1 / 2],
    [{ lists: "sets", additional: "ignored" }, [1, 1], [1], 1],
    [
      { lists: "sets" },
      [
        { a: 1, b: 9 },
        { a: 2, b: 2 },
      ],
      [
        { a: 2, b: 2 },
        { a: 1, b: 1 },
      ],
      3 / 4,
    ],
    [{}, { a: "1" }, { a: 1 }, 0],
    [{}, { a: null }, {}, 0],
    [{}, { a: { b: 1, c: 2 } }, { a: 5 }, 0],
    [{}, [], [], 1],
    [{}, [], {}, 0],
    [{}, {}, {}, 1],
    [{}, 5, 5, 1],
    [{}, true, false, 0],
  ])("%j: %j for %j is %d", (options, answer, reference, value) => {
    expect(diff(answer, reference, options)).toBeCloseTo(value, 12);
  });

  test("passes only where nothing differs, and says how much does", () => {
    const fields = { reference: { a: 1, b: 2 } };
    expect(scoreOf({ kind: "json_diff" }, { text: '{"a":1,"b":2}', fields })).toMatchObject({ passed: true });
    expect(scoreOf({ kind: "json_diff" }, { text: '{"a":1,"b":0}', fields })).toMatchObject({
      passed: false,
      reason: "1 of 2 are equal",
    });
  });

  test("a reference may be JSON within a text, an answer in a fence; an answer that is no JSON is wrong", () => {
    expect(valueOf({ kind: "json_diff" }, '```json\n{"a": 1}\n```', '{"a":1}')).toBe(1);
    expect(valueOf({ kind: "json_diff" }, '"plain"', "plain")).toBe(1);
    expect(scoreOf({ kind: "json_diff" }, { text: "none", fields: { reference: 1 } })).toMatchObject({
      value: 0,
      passed: false,
    });
  });

  test("what nests too deep or is too large as a set gives no score", () => {
    let deep: Json = 1;
    for (let level = 0; level < 200; level++) deep = [deep];
    const score = scoreOf({ kind: "json_diff" }, { text: "1", fields: { reference: deep } });
    expect(score).toMatchObject({ code: "reference-invalid" });
    const many = Array.from({ length: 3_000 }, (_, index) => index);
    const wide = scoreOf(
      { kind: "json_diff", lists: "sets" },
      { text: JSON.stringify(many), fields: { reference: many } },
    );
    expect(wide).toMatchObject({ code: "scorer-timeout" });
  });

  test("a value equals itself, in any order of lists as sets; the sides may be exchanged", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (one, other) => {
        // What fast-check gives is JSON.
        const [left, right] = [one as Json, other as Json];
        const ordered = { lists: "ordered", additional: "counted" } as const;
        expect(compared(left, left, ordered).different).toBe(0);
        expect(compared(left, left, { ...ordered, lists: "sets" }).different).toBe(0);
        expect(compared(left, right, ordered)).toEqual(compared(right, left, ordered));
      }),
    );
  });
});
