import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WaitingRoom, waitingRoomDefaults } from "./waiting-room.ts";

function room(placesMax: number): WaitingRoom<string> {
  return new WaitingRoom({ ...waitingRoomDefaults, placesMax });
}

function emptied(of: WaitingRoom<string>): readonly string[] {
  const items = [];
  for (let item = of.next(); item !== undefined; item = of.next()) items.push(item);
  return items;
}

describe("a waiting room", () => {
  test("serves the more important first, and those of a class as they came", () => {
    const waiting = room(10);
    for (const [priority, item] of [
      [2, "c1"],
      [1, "b1"],
      [0, "a1"],
      [1, "b2"],
      [0, "a2"],
    ] as const)
      expect(waiting.enter(priority, item)).toBeUndefined();
    expect(emptied(waiting)).toEqual(["a1", "a2", "b1", "b2", "c1"]);
    expect(waiting.size).toBe(0);
  });

  test("that is full sheds who came last of the lowest class", () => {
    const waiting = room(3);
    waiting.enter(2, "c1");
    waiting.enter(2, "c2");
    waiting.enter(1, "b1");
    expect(waiting.enter(0, "a1")).toBe("c2");
    expect(waiting.enter(1, "b2")).toBe("c1");
    expect(waiting.enter(1, "b3")).toBe("b3");
    expect(waiting.enter(2, "c3")).toBe("c3");
    expect(emptied(waiting)).toEqual(["a1", "b1", "b2"]);
  });

  test("lets the lowest have its turn after eight that passed it over", () => {
    const waiting = room(100);
    waiting.enter(2, "low");
    for (let number = 0; number < 20; number += 1) waiting.enter(0, "high");
    expect(emptied(waiting).indexOf("low")).toBe(8);
  });

  test("passes no class over for ever, while higher and lower ones wait", () => {
    const waiting = room(100);
    const turns: string[] = [];
    for (let turn = 0; turn < 90; turn += 1) {
      for (const [priority, item] of ["high", "normal", "low"].entries())
        if (turns.at(-1) === item || turn === 0) waiting.enter(priority, item);
      turns.push(waiting.next() ?? "");
    }
    const count = (of: string) => turns.filter((turn) => turn === of).length;
    expect({ normal: count("normal"), low: count("low") }).toEqual({ normal: 9, low: 10 });
    const gaps = (of: string) =>
      turns
        .join(" ")
        .split(of)
        .map((between) => between.trim().split(" ").length);
    expect(Math.max(...gaps("normal"), ...gaps("low"))).toBeLessThanOrEqual(9);
  });

  test("lets go whoever does not wait any longer", () => {
    const waiting = room(2);
    waiting.enter(0, "a");
    waiting.enter(1, "b");
    expect(waiting.leave("a")).toBe(true);
    expect(waiting.leave("a")).toBe(false);
    expect(waiting.enter(1, "c")).toBeUndefined();
    expect(emptied(waiting)).toEqual(["b", "c"]);
  });

  test("gives back its place in the row to one that comes back, and sheds the newest even then", () => {
    const waiting = room(3);
    for (const [at, item] of ["a", "b", "c"].entries()) waiting.enter(1, item, at);
    expect(waiting.next()).toBe("a");
    waiting.enter(1, "d", 3);
    expect(waiting.enter(1, "a", 0)).toBe("d");
    expect(emptied(waiting)).toEqual(["a", "b", "c"]);
  });

  test("serves the first whom it fits, and leaves the others where they are", () => {
    const waiting = room(10);
    for (const item of ["x1", "y1", "x2", "y2"]) waiting.enter(1, item);
    const fits = (item: string): boolean => item.startsWith("y");
    expect([waiting.next(fits), waiting.next(), waiting.next(fits), waiting.next(fits)]).toEqual([
      "y1",
      "x1",
      "y2",
      undefined,
    ]);
    expect(waiting.size).toBe(1);
  });

  test("has no class but its own", () => {
    expect(() => room(1).enter(3, "x")).toThrow("no class 3");
  });
});

test("nobody is lost or served twice, the bound holds, and no more important one is ever shed for a lower", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("enter" as const), value: fc.nat(2) }),
    fc.record({ kind: fc.constant("next" as const), value: fc.constant(0) }),
    fc.record({ kind: fc.constant("leave" as const), value: fc.nat(50) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const waiting = new WaitingRoom<{ readonly priority: number }>({
        ...waitingRoomDefaults,
        placesMax: 5,
      });
      const all: { readonly priority: number }[] = [];
      const inside = new Set<object>();
      for (const { kind, value } of steps) {
        if (kind === "enter") {
          const item = { priority: value };
          all.push(item);
          inside.add(item);
          const shed = waiting.enter(value, item);
          if (shed) {
            expect(inside.delete(shed)).toBe(true);
            for (const kept of all)
              if (inside.has(kept)) expect(kept.priority).toBeLessThanOrEqual(shed.priority);
          }
        } else if (kind === "next") {
          const served = waiting.next();
          if (served) expect(inside.delete(served)).toBe(true);
          else expect(inside.size).toBe(0);
        } else {
          const item = all[value];
          if (item) expect(waiting.leave(item)).toBe(inside.delete(item));
        }
        expect(waiting.size).toBe(inside.size);
        expect(waiting.size).toBeLessThanOrEqual(5);
      }
    }),
  );
});

test("whoever waits is served after a bounded number of turns, however many more important ones come", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), (ahead) => {
      const waiting = room(1000);
      for (let number = 0; number < ahead; number += 1) waiting.enter(2, `low ${number}`);
      let turns = 0;
      for (let served = ""; served !== `low ${ahead - 1}`; turns += 1) {
        waiting.enter(0, "high");
        served = waiting.next() ?? "";
      }
      expect(turns).toBeLessThanOrEqual(9 * ahead);
    }),
  );
});
