import { expect, test } from "vitest";
import { requiredByBoth } from "./required-tags.ts";

test("what both require holds, and of one tag what both allow", () => {
  const one = { region: ["eu", "ch"], tier: ["a"] };
  expect(requiredByBoth(one, { region: ["eu", "us"], zone: ["1"] })).toEqual({
    region: ["eu"],
    tier: ["a"],
    zone: ["1"],
  });
  expect(requiredByBoth(one, { region: ["us"] })).toEqual({ region: [], tier: ["a"] });
  expect(requiredByBoth(one, undefined)).toBe(one);
  expect(requiredByBoth(undefined, one)).toBe(one);
  expect(requiredByBoth(undefined, undefined)).toBeUndefined();
});
