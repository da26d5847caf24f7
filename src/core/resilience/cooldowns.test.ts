import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cooldowns } from "./cooldowns.ts";

describe("a cooldown", () => {
  test("of a key that never failed ended long ago", () => {
    expect(new Cooldowns().untilMs("a")).toBe(0);
  });

  test("is extended by a later end, and not shortened by an earlier one", () => {
    const cooldowns = new Cooldowns();
    cooldowns.extend("a", 1000, 0);
    cooldowns.extend("a", 5000, 10);
    cooldowns.extend("a", 2000, 20);
    expect(cooldowns.untilMs("a")).toBe(5000);
    expect(cooldowns.untilMs("b")).toBe(0);
  });

  test("is not shortened by a success of a request that was under way", () => {
    const cooldowns = new Cooldowns();
    cooldowns.extend("a", 1000, 0);
    cooldowns.succeeded("a");
    expect(cooldowns.untilMs("a")).toBe(1000);
    expect(cooldowns.repeats("a", 500)).toBe(0);
  });

  test("is over when the key is forgotten", () => {
    const cooldowns = new Cooldowns();
    cooldowns.extend("a", 1000, 0);
    cooldowns.forget("a");
    expect(cooldowns.untilMs("a")).toBe(0);
    expect(cooldowns.repeats("a", 0)).toBe(0);
  });

  test("is told to people while it lasts", () => {
    const cooldowns = new Cooldowns();
    cooldowns.extend("a", 1000, 0);
    cooldowns.extend("b", 2000, 0);
    expect(cooldowns.current(1000)).toEqual([{ key: "b", untilMs: 2000 }]);
  });
});

describe("repeats", () => {
  test("are cooldowns, not failures: many that fail at once belong to one", () => {
    const cooldowns = new Cooldowns();
    for (let failure = 0; failure < 20; failure += 1) {
      expect(cooldowns.repeats("a", 10)).toBe(0);
      cooldowns.extend("a", 1000, 10);
    }
    expect(cooldowns.repeats("a", 999)).toBe(0);
    expect(cooldowns.repeats("a", 1000)).toBe(1);
    cooldowns.extend("a", 3000, 1000);
    expect(cooldowns.repeats("a", 3000)).toBe(2);
  });

  test("count also cooldowns of no length", () => {
    const cooldowns = new Cooldowns();
    cooldowns.extend("a", 10, 10);
    expect(cooldowns.repeats("a", 20)).toBe(1);
  });

  test("begin anew after a success, and ten minutes after the last", () => {
    const cooldowns = new Cooldowns();
    cooldowns.extend("a", 1000, 0);
    expect(cooldowns.repeats("a", 601_000)).toBe(1);
    expect(cooldowns.repeats("a", 601_001)).toBe(0);
    cooldowns.succeeded("a");
    expect(cooldowns.repeats("a", 2000)).toBe(0);
  });
});

test("when full, the cooldown that ends first gives way, and a still shorter one is not taken", () => {
  const cooldowns = new Cooldowns(2);
  cooldowns.extend("a", 3000, 0);
  cooldowns.extend("b", 2000, 0);
  cooldowns.extend("c", 1000, 0);
  expect(["a", "b", "c"].map((key) => cooldowns.untilMs(key))).toEqual([3000, 2000, 0]);
  cooldowns.extend("d", 4000, 0);
  expect(["a", "b", "d"].map((key) => cooldowns.untilMs(key))).toEqual([3000, 0, 4000]);
});

test("no order of failures and successes ever shortens a cooldown, nor grows beyond the bound", () => {
  const step = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    afterMs: fc.nat(5000),
    lengthMs: fc.nat(10_000),
    succeeds: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cooldowns = new Cooldowns(3);
      const ends = new Map<string, number>();
      let nowMs = 0;
      for (const { key, afterMs, lengthMs, succeeds } of steps) {
        nowMs += afterMs;
        if (succeeds) cooldowns.succeeded(key);
        else {
          cooldowns.extend(key, nowMs + lengthMs, nowMs);
          ends.set(key, Math.max(ends.get(key) ?? 0, nowMs + lengthMs));
        }
        for (const [known, end] of ends) expect(cooldowns.untilMs(known)).toBe(end);
        expect(cooldowns.repeats(key, nowMs)).toBeGreaterThanOrEqual(0);
      }
      expect(cooldowns.size).toBeLessThanOrEqual(3);
    }),
  );
});
