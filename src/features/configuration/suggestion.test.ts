import { expect, test } from "vitest";
import { knownNames, suggestions } from "./suggestion.ts";

test.each([
  ["temprature", "temperature"],
  ["tempreature", "temperature"],
  ["Temperature", "temperature"],
  ["top_q", "top_p"],
])("%s is close to %s", (typed, meant) => {
  expect(suggestions(typed, ["temperature", "top_p", "seed"])).toEqual([meant]);
});

test("what is far from every name is close to none", () => {
  expect(suggestions("weight", ["temperature", "top_p", "seed"])).toEqual([]);
  expect(suggestions("x", ["y"])).toEqual([]);
});

test("the closest comes first", () => {
  expect(suggestions("flash-lit", ["flash-lift", "flash", "flash-lits", "flash-lite"], 2)).toEqual([
    "flash-lift",
    "flash-lits",
  ]);
});

test("a long list of names is cut short", () => {
  const names = Array.from({ length: 20 }, (_, index) => `deployment${index}`);
  expect(knownNames("q", names)).toMatch(/^one of deployment0, .*deployment11 and 8 more$/);
  expect(knownNames("q", [])).toBe("a name that is defined (none is)");
});
