import { expect, test } from "vitest";
import { marginOf } from "./margin.ts";

test.each([
  ["+2pp", "absolute", 0.02],
  ["-3pp", "absolute", -0.03],
  ["+10%", "relative", 0.1],
  ["-0.5%", "relative", -0.005],
  ["+200ms", "absolute", 200],
  ["+1.5s", "absolute", 1500],
  ["+$0.002", "absolute", 0.002],
  ["-0.3", "absolute", -0.3],
  ["+1e-6", "absolute", 1e-6],
] as const)("%s is %s, %d", (text, scale, value) => {
  expect(marginOf(text)).toEqual({ scale, value });
});

test.each(["", "2pp", "+0", "+0pp", "+", "+pp", "+-2pp", "+2 pp", "+2pp ", "+$2pp", "+1e999", "+NaN", "++2"])(
  "%j is no margin",
  (text) => {
    expect(marginOf(text)).toBeUndefined();
  },
);
