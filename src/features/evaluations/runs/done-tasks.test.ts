import fc from "fast-check";
import { expect, test } from "vitest";
import { DoneTasks } from "./done-tasks.ts";

const targets = ["a", "b", "c"];
const task = fc.record({
  position: fc.nat(100_000),
  target: fc.constantFrom(...targets),
  repeat: fc.nat(4),
  isRemoved: fc.boolean(),
});

test("holds exactly what was added and not removed", () => {
  fc.assert(
    fc.property(fc.array(task, { maxLength: 200 }), task, (tasks, other) => {
      const done = new DoneTasks(targets, 5);
      const known = new Set<string>();
      const keyOf = (one: typeof other) => `${one.position}/${one.target}/${one.repeat}`;
      for (const one of tasks) {
        if (one.isRemoved) done.remove(one);
        else done.add(one);
        if (one.isRemoved) known.delete(keyOf(one));
        else known.add(keyOf(one));
      }
      for (const one of [...tasks, other]) expect(done.has(one)).toBe(known.has(keyOf(one)));
    }),
  );
});

test("a target or a repeat that the run has not is not done", () => {
  const done = new DoneTasks(["a"], 1);
  done.add({ position: 0, target: "b", repeat: 0 });
  done.add({ position: 0, target: "a", repeat: 1 });
  expect(done.has({ position: 0, target: "a", repeat: 0 })).toBe(false);
  expect(done.has({ position: 1, target: "a", repeat: 0 })).toBe(false);
});
