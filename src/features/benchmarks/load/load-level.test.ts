import { expect, test } from "vitest";
import { LoadLevel } from "./load-level.ts";

test("a level is a mean over time, and begins anew each time it is taken", () => {
  const level = new LoadLevel(1_000);
  level.change(4, 1_250);
  level.change(-2, 1_750);
  // 0 for 250 ms, 4 for 500 ms, 2 for 250 ms.
  expect(level.takeMean(2_000)).toBe(2.5);
  expect(level.takeMean(3_000)).toBe(2);
  expect(level.takeMean(3_000)).toBe(2);
});
