import type { JsonObject } from "#core/kernel/json.ts";
import { describe, expect, test } from "vitest";
import { must } from "../../../../test/support/must.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";
import { contentId } from "./content-id.ts";
import { itemOfRow, usualColumns } from "./item-of-row.ts";
import { Least, samplePriority } from "./sample.ts";
import { SeenIds } from "./seen-ids.ts";
import { createFilter } from "./selection.ts";

describe("ids that were seen", () => {
  test("are counted each by itself, however many there are", () => {
    const seen = new SeenIds();
    const before = Array.from({ length: 30_000 }, (_, at) => seen.add(`id-${at % 20_000}`));
    expect(before.filter((count) => count === 0)).toHaveLength(20_000);
    expect(before.slice(20_000).every((count) => count === 1)).toBe(true);
    expect(seen.add("id-7")).toBe(2);
    expect(seen.add("id-19999")).toBe(1);
    expect(seen.size).toBe(20_000);
  });
});

describe("the least of many numbers", () => {
  test("are those that sorting gives", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const chance = new SeededChance(seed, "least");
      const count = chance.integer(1, 60);
      const values = Array.from({ length: chance.integer(0, 200) }, () => chance.unit());
      const least = new Least(count);
      for (const value of values) least.add(value);
      const wanted = values.toSorted((a, b) => a - b)[count - 1] ?? Number.POSITIVE_INFINITY;
      expect(least.largest, `seed ${seed}`).toBe(wanted);
    }
  });
});

describe("a sample", () => {
  test("draws each item as often as any other", () => {
    const drawn = new Map<string, number>();
    const names = Array.from({ length: 20 }, (_, at) => `item ${at}`);
    for (let seed = 0; seed < 2000; seed++) {
      const least = new Least(5);
      for (const name of names) least.add(samplePriority(String(seed), name));
      for (const name of names)
        if (samplePriority(String(seed), name) <= least.largest) drawn.set(name, (drawn.get(name) ?? 0) + 1);
    }
    // Of 2,000 draws with a chance of 1/4 each 500 are expected, with a standard deviation of 19.4.
    for (const name of names) expect(Math.abs((drawn.get(name) ?? 0) - 500)).toBeLessThan(80);
  });

  test("has another order for another seed, also where seed and id join to the same text", () => {
    expect(samplePriority("1", "2|a")).not.toBe(samplePriority("1|2", "a"));
  });
});

describe("an item", () => {
  const read = (fields: JsonObject, columns = usualColumns) =>
    itemOfRow({ fields }, { columns, split: undefined, seen: new SeenIds() });

  test("has tags of maps, of lists, and of fields that are named", () => {
    const tags = (row: JsonObject, names?: readonly string[]) =>
      must(read(row, { ...usualColumns, ...(names && { tags: names }) })).item.tags;
    expect(tags({ tags: { level: 3, none: null, empty: " ", yes: true } })).toEqual({
      level: "3",
      yes: "true",
    });
    expect(tags({ tags: ["hard", "long"] })).toEqual({ hard: "true", long: "true" });
    expect(tags({ tags: "hard" })).toEqual({ tags: "hard" });
    expect(tags({ topic: "cards", level: 2 }, ["topic", "level", "none"])).toEqual({
      topic: "cards",
      level: "2",
    });
    expect(Object.entries(tags({ tags: JSON.parse('{"__proto__":"a"}') }))).toEqual([["__proto__", "a"]]);
  });

  test.each([
    [{ id: [1] }, "id is neither text nor a number"],
    [{ split: {} }, "split is neither text nor a number"],
    [{ cluster: "c".repeat(201) }, "cluster has more than 200 characters"],
    [{ tags: { a: { b: 1 } } }, "tags is neither text nor a number"],
    [{ tags: Array.from({ length: 51 }, (_, at) => `t${at}`) }, "more than 50 tags"],
  ])("%j is refused", (row, reason) => {
    expect(read(row)).toEqual({ ok: false, error: reason });
  });

  test("without an id has one of its content, in whatever order that is written", () => {
    expect(contentId({ a: 1, b: { c: 2, d: 3 } })).toBe(contentId({ b: { d: 3, c: 2 }, a: 1 }));
    expect(contentId({ a: 1 })).not.toBe(contentId({ a: "1" }));
    expect(must(read({ id: "", q: "x" })).isMadeId).toBe(true);
  });
});

describe("a filter", () => {
  test("asks for own tags alone", () => {
    const item = { id: "a", fields: {}, tags: {} };
    expect(createFilter({ tags: { constructor: "x" } })(item)).toBe("tags");
    expect(createFilter({})(item)).toBeUndefined();
  });
});
